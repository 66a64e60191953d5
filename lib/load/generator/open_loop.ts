// Open loop: requests go out when the schedule says, whatever became of those before.

import type { Clock } from "../../core/clock.ts";
import type { Plan } from "../../scenario/plan.ts";
import type { Driver } from "../driver/driver.ts";
import type { Pacer } from "../pacer/pacer.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { Generator } from "./generator.ts";
import type { StopRule } from "./stop_rule.ts";

/** A pacer's longest wait where the schedule may be changed: one that sleeps for long is slow to wake for another instant. */
const LOOK_MS = 20;

/** What is due as a second ends goes out before the second is told of, which takes longer than this. */
const INSTANT_MS = 0.001;

/** Request i is due at t0 + schedule(i). A late wake-up sends what is due by then, and each keeps its own instant. */
export class OpenLoop extends Generator {
  readonly schedule: Schedule;
  readonly #pacer: Pacer;
  /** The schedule may be changed under way. */
  readonly #steered: boolean;

  constructor(
    plan: Plan,
    driver: Driver,
    stopRule: StopRule,
    pacer: Pacer,
    clock: Clock,
    schedule: Schedule,
    steered: boolean,
  ) {
    super(plan, driver, stopRule, clock);
    this.schedule = schedule;
    this.#pacer = pacer;
    this.#steered = steered;
    this.limit = schedule.count;
    this.endMs = schedule.endMs;
  }

  override dispatchDue(): number {
    const elapsedMs = this.elapsedMs();
    while (elapsedMs >= this.secondEndMs) {
      this.#dispatchBefore(this.secondEndMs + INSTANT_MS);
      this.endSecond();
    }
    this.#dispatchBefore(elapsedMs);
    return elapsedMs;
  }

  override rescheduled(): void {
    this.limit = this.schedule.count;
    this.endMs = this.schedule.endMs;
    this.tally.graceFromMs = this.startedMs + this.endMs;
    if (!this.dispatching) return;
    this.#pacer.cancel(); // what falls due from now on must not wait for an instant that was due before
    this.#wake();
  }

  protected override begin(): void {
    this.#wake();
  }

  protected override follow(): void {}

  protected override callOff(): void {
    this.#pacer.cancel();
  }

  #dispatchBefore(elapsedMs: number): void {
    const { schedule } = this;
    const due = Math.min(schedule.dueBefore(elapsedMs), this.limit);
    while (this.tally.offered < due && this.dispatching) {
      this.dispatch(this.startedMs + schedule.dueMs(this.tally.offered));
    }
  }

  /** Bound once: every wake-up is for this. */
  readonly #wake = (): void => {
    const elapsedMs = this.dispatchDue();
    if (!this.dispatching) return;
    const nextMs = this.tally.offered < this.limit ? this.schedule.dueMs(this.tally.offered) : this.endMs;
    if (elapsedMs >= this.endMs && this.tally.offered >= this.limit) {
      this.finishDispatch();
      return;
    }
    const lookMs = this.#steered ? Math.min(nextMs, elapsedMs + LOOK_MS) : nextMs;
    this.#pacer.wakeAt(this.startedMs + lookMs, this.#wake);
  };
}

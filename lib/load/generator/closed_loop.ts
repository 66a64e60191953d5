// Closed loop: as many senders as the plan has, each of which waits for its answer.

import type { Clock, Timer } from "../../core/clock.ts";
import { type Plan, sendersOf } from "../../scenario/plan.ts";
import type { Driver } from "../driver/driver.ts";
import { Generator } from "./generator.ts";
import type { StopRule } from "./stop_rule.ts";

/** Each sender sends its next request as soon as its last one is done, or a think time later. */
export class ClosedLoop extends Generator {
  readonly schedule = undefined;
  readonly #senders: number;
  readonly #thinkTimeMs: number;
  /** How many senders wait for the end of the pause; undefined: there is none. */
  #resting: number | undefined = undefined;
  #timer: Timer | undefined = undefined;

  constructor(plan: Plan, driver: Driver, stopRule: StopRule, clock: Clock) {
    super(plan, driver, stopRule, clock);
    this.#senders = sendersOf(plan.load);
    this.#thinkTimeMs = plan.load.thinkTimeMs;
  }

  override pause(): void {
    this.#resting ??= 0;
  }

  override resume(): void {
    const senders = this.#resting ?? 0;
    this.#resting = undefined;
    for (let i = 0; i < senders; i++) this.#sendNext(this.clock.nowMs());
  }

  protected override begin(): void {
    const aheadMs = -this.elapsedMs();
    if (aheadMs > 0) this.#timer = this.clock.setTimer(aheadMs, () => this.#startSenders());
    else this.#startSenders();
  }

  protected override follow(endedMs: number): void {
    if (this.tally.offered < this.limit) this.#thinkAndSend(endedMs);
    else if (this.unfinished === 0) this.finishDispatch();
  }

  protected override callOff(): void {
    this.#timer?.clear();
  }

  #startSenders(): void {
    if (this.endMs < Infinity) {
      this.#timer = this.clock.setTimer(this.endMs - this.elapsedMs(), () => this.finishDispatch());
    }
    const senders = Math.min(this.#senders, this.limit);
    for (let i = 0; i < senders && this.dispatching; i++) this.dispatch(this.clock.nowMs());
  }

  #thinkAndSend(endedMs: number): void {
    if (this.#thinkTimeMs === 0) this.#sendNext(endedMs);
    // the run may end meanwhile, and must not keep the process alive then
    else this.clock.setTimer(this.#thinkTimeMs, () => this.#sendNext(this.clock.nowMs()), false);
  }

  /**
   * A sender's next request, due at this moment: when its last one ended, or its think time. What is sent before this
   * returns is sent at the same instant, and the clock is not asked again.
   */
  #sendNext(nowMs: number): void {
    if (this.#resting !== undefined) this.#resting += 1;
    else if (this.dispatching && this.tally.offered < this.limit) {
      this.nowMs = nowMs;
      this.dispatch(nowMs);
      this.nowMs = 0;
    }
  }
}

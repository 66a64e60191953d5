import { type Clock, systemClock, type Timer } from "../core/clock.ts";
import { ProcessSampler } from "../record/process_sampler.ts";
import type { Plan } from "../scenario/plan.ts";
import type { Counts } from "../transport/census.ts";
import type { Observers } from "./observers.ts";

/** How often a load that is not measured says that it goes on. */
const TELL_MS = 250;

/** Says that a load goes on which is not measured, until it is stopped. */
export class AsideTeller {
  readonly #aside: string;
  readonly #plan: Plan;
  readonly #counts: Readonly<Counts>;
  readonly #observers: Pick<Observers, "tick">;
  readonly #clock: Clock;
  readonly #sampler = new ProcessSampler();
  #timer: Timer;

  constructor(
    aside: string,
    plan: Plan,
    counts: Readonly<Counts>,
    observers: Pick<Observers, "tick">,
    clock: Clock = systemClock,
  ) {
    this.#aside = aside;
    this.#plan = plan;
    this.#counts = counts;
    this.#observers = observers;
    this.#clock = clock;
    this.#timer = this.#clock.setTimer(0, () => this.#tell());
  }

  stop(): void {
    this.#timer.clear();
    this.#sampler.close();
  }

  #tell(): void {
    const { load } = this.#plan;
    const { inUse, idle, dialing, waiting } = this.#counts;
    this.#observers.tick({
      aside: this.#aside,
      elapsedMs: 0,
      totalMs: load.durationMs,
      requestsTotal: load.requests,
      offered: 0,
      completed: 0,
      failed: 0,
      rpsNow: 0,
      rpsTarget: load.rps,
      live: inUse + idle,
      dialing,
      waiting,
      rssBytes: this.#sampler.sample().rssBytes,
    });
    this.#timer = this.#clock.setTimer(TELL_MS, () => this.#tell());
  }
}

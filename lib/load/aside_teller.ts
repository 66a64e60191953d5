// The progress of a load that is not measured: it goes on, and no figure of it counts.

import { type Clock, systemClock, type Timer } from "../core/clock.ts";
import type { Plan } from "../scenario/plan.ts";
import type { Observers } from "./observers.ts";
import type { Shard } from "./shard/shard.ts";

/** How often a load that is not measured says that it goes on. */
const TELL_MS = 250;

/** Says that a load goes on which is not measured, until it is stopped. */
export class AsideTeller {
  readonly #aside: string;
  readonly #plan: Plan;
  readonly #shard: Pick<Shard, "counts" | "sample">;
  readonly #observers: Pick<Observers, "tick">;
  readonly #clock: Clock;
  #timer: Timer;

  constructor(
    aside: string,
    plan: Plan,
    shard: Pick<Shard, "counts" | "sample">,
    observers: Pick<Observers, "tick">,
    clock: Clock = systemClock,
  ) {
    this.#aside = aside;
    this.#plan = plan;
    this.#shard = shard;
    this.#observers = observers;
    this.#clock = clock;
    this.#timer = this.#clock.setTimer(0, () => this.#tell());
  }

  stop(): void {
    this.#timer.clear();
  }

  #tell(): void {
    const { load } = this.#plan;
    const { inUse, idle, dialing, waiting, heldBodies } = this.#shard.counts;
    this.#observers.tick({
      aside: this.#aside,
      elapsedMs: 0,
      phase: "sending",
      totalMs: load.durationMs,
      requestsTotal: load.requests,
      offered: 0,
      completed: 0,
      failed: 0,
      rpsNow: 0,
      p50Us: undefined,
      p99Us: undefined,
      errorKinds: [],
      rpsTarget: load.rps,
      live: inUse + idle,
      dialing,
      waiting,
      heldBodies,
      rssBytes: this.#shard.sample().rssBytes,
    });
    this.#timer = this.#clock.setTimer(TELL_MS, () => this.#tell());
  }
}

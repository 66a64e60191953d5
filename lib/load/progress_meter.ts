// The progress of a run, worked out for those who want it. How it looks is a report's business.

import type { Plan } from "../scenario/plan.ts";
import type { Progress } from "./progress.ts";
import type { Shard } from "./shard/shard.ts";

/** A second of samples, and the one that it began with. */
const KEPT_SAMPLES = 11;

/** How far a load is, and how fast at this moment. */
export class ProgressMeter {
  readonly #plan: Plan;
  readonly #shard: Shard;
  /** Completed at each of the last ten samples: the rate of the last second. */
  readonly #recent: { elapsedMs: number; completed: number }[] = [];

  constructor(plan: Plan, shard: Shard) {
    this.#plan = plan;
    this.#shard = shard;
  }

  /** To be asked at each sample. */
  read(elapsedMs: number, rssBytes: number): Progress {
    const { load } = this.#plan;
    const { schedule, dispatchedForMs, counts: { inUse, idle, dialing, waiting, heldBodies } } = this.#shard;
    const { offered, completed, failed } = this.#shard.requests;
    this.#recent.push({ elapsedMs, completed });
    if (this.#recent.length > KEPT_SAMPLES) this.#recent.shift();
    const midSecondMs = Math.max(0, dispatchedForMs - 500); // as `rpsNow` is that of the last second
    const since = this.#recent.length > 1 ? this.#recent[0]! : { elapsedMs: 0, completed: 0 };
    return {
      elapsedMs,
      totalMs: load.durationMs ?? (load.timestamps === undefined ? undefined : schedule?.endMs),
      requestsTotal: load.requests,
      offered,
      completed,
      failed,
      rpsNow: ((completed - since.completed) * 1000) / Math.max(1, elapsedMs - since.elapsedMs),
      rpsTarget: schedule?.rpsAt(midSecondMs),
      live: inUse + idle,
      dialing,
      waiting,
      heldBodies,
      rssBytes,
    };
  }
}

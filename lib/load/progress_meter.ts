// The progress of a run, worked out for those who want it. How it looks is a report's business.

import type { Plan } from "../scenario/plan.ts";
import type { Account } from "./account/account.ts";
import type { SeriesLine } from "./account/series.ts";
import type { Progress } from "./progress.ts";
import type { Shard } from "./shard/shard.ts";

/** A second of samples, and the one that it began with. */
const KEPT_SAMPLES = 11;

/** As many kinds of errors are named. */
const NAMED_KINDS = 2;

/** How far a load is, and how fast at this moment. */
export class ProgressMeter {
  readonly #plan: Plan;
  readonly #shard: Shard;
  /** Completed at each of the last ten samples: the rate of the last second. */
  readonly #recent: { elapsedMs: number; completed: number }[] = [];
  #latency: Pick<Progress, "p50Us" | "p99Us"> = { p50Us: undefined, p99Us: undefined };
  #errorKinds: readonly string[] = [];

  constructor(plan: Plan, shard: Shard) {
    this.#plan = plan;
    this.#shard = shard;
  }

  /** Takes the second that is over: what takes longer to work out than a tick should is as old as that. */
  endSecond({ completed, failed, p50Us, p99Us }: SeriesLine, account: Account): void {
    this.#latency = completed + failed > 0 ? { p50Us, p99Us } : { p50Us: undefined, p99Us: undefined };
    if (failed === 0) return;
    const most = Object.entries(account.byError()).sort(([, a], [, b]) => b - a);
    this.#errorKinds = most.slice(0, NAMED_KINDS).map(([key]) => key);
  }

  /** To be asked at each sample. `paused`: by hand. */
  read(elapsedMs: number, rssBytes: number, paused: boolean): Progress {
    const { load } = this.#plan;
    const { schedule, dispatching, dispatchedForMs, counts } = this.#shard;
    const { inUse, idle, dialing, waiting, heldBodies } = counts;
    const { offered, completed, failed } = this.#shard.requests;
    this.#recent.push({ elapsedMs, completed });
    if (this.#recent.length > KEPT_SAMPLES) this.#recent.shift();
    const midSecondMs = Math.max(0, dispatchedForMs - 500); // as `rpsNow` is that of the last second
    const since = this.#recent.length > 1 ? this.#recent[0]! : { elapsedMs: 0, completed: 0 };
    return {
      elapsedMs,
      phase: !dispatching ? "grace" : paused ? "paused" : "sending",
      totalMs: load.durationMs ?? (load.timestamps === undefined ? undefined : schedule?.endMs),
      requestsTotal: load.requests,
      offered,
      completed,
      failed,
      rpsNow: ((completed - since.completed) * 1000) / Math.max(1, elapsedMs - since.elapsedMs),
      ...this.#latency,
      errorKinds: this.#errorKinds,
      rpsTarget: dispatching ? schedule?.rpsAt(midSecondMs) : undefined,
      live: inUse + idle,
      dialing,
      waiting,
      heldBodies,
      rssBytes,
    };
  }
}

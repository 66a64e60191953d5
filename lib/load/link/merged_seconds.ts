// The seconds that several shards tell of, as one account: a second is in it once each of them has told of it, so that
// one that is late delays them all by that much.

import type { ProcessSample } from "../../record/process_sampler.ts";
import { standingOf } from "../account/engine_counts.ts";
import { MergedAccount } from "../shard/merged_account.ts";
import type { Standing } from "../shard/shard.ts";
import type { ShardReport } from "./shard_report.ts";

export class MergedSeconds {
  readonly account: MergedAccount = new MergedAccount();
  /** How long the busiest thread ran, or would have run, in µs. */
  runnableUs = 0;
  /** For how long the latest event loop was late in the second merged last, in µs. */
  lateUs = 0;
  readonly #reports: readonly ShardReport[];
  /** Called once the next second has come from every shard, in their order. */
  readonly #awaited: ((standing: Standing) => void)[] = [];

  constructor(reports: readonly ShardReport[]) {
    this.#reports = reports;
  }

  /** Calls back, perhaps later, with the next second in the account, and with how things stood at its end. */
  await(fold: (standing: Standing) => void): void {
    this.#awaited.push(fold);
    this.merge();
  }

  /** Merges what is awaited and has come. */
  merge(): void {
    while (this.#awaited.length > 0 && this.#reports.every(({ hasNext, over }) => hasNext || over)) {
      const standing = this.#mergeSecond();
      this.#awaited.shift()!(standing);
    }
  }

  /** Merges whatever has come. */
  settle(): void {
    while (this.#reports.some(({ hasNext }) => hasNext)) this.#mergeSecond();
  }

  #mergeSecond(): Standing {
    let elapsedMs = 0;
    let busiestUs = 0;
    this.lateUs = 0;
    const samples: (ProcessSample | undefined)[] = [];
    this.#reports.forEach((report, index) => {
      if (!report.hasNext) return;
      const { second, runnableUs } = report.take();
      this.account.add(index, second);
      samples.push(second.process);
      elapsedMs = Math.max(elapsedMs, second.elapsedMs);
      busiestUs = Math.max(busiestUs, runnableUs);
      this.lateUs = Math.max(this.lateUs, second.lateUs);
    });
    this.runnableUs += busiestUs;
    return { elapsedMs, counts: standingOf(this.account.census()), sample: addedUp(samples) };
  }
}

/** Of processes that share nothing. */
export function addedUp(samples: readonly (ProcessSample | undefined)[]): ProcessSample {
  const sum = (field: keyof ProcessSample) => samples.reduce((all, sample) => all + (sample?.[field] ?? 0), 0);
  const sumIfTold = (field: keyof ProcessSample) =>
    samples.every((sample) => sample?.[field] !== undefined) ? sum(field) : undefined;
  return {
    rssBytes: sum("rssBytes"),
    heapBytes: sum("heapBytes"),
    externalBytes: sum("externalBytes"),
    arrayBuffersBytes: sumIfTold("arrayBuffersBytes"),
    descriptors: sumIfTold("descriptors"),
    cpuUs: sum("cpuUs"),
    runnableUs: sum("runnableUs"),
  };
}

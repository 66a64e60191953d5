// Requests that were neither completed nor failed when a run ended: their response time is unknown, and no less than
// their age. They are in the distribution with that age (right-censored), so that no request is left out of it and no
// figure is too high; a figure that would rise if they never ended is told to be a lower bound.

import type { Histogram } from "hdr-histogram-js";
import { latencyHistogram } from "../../record/latency_recorder.ts";
import { percentileUs } from "../../record/percentile.ts";

/** A distribution with its censored part. */
export class CensoredDistribution {
  /** What ended, with how long it took, and the rest, with its age. */
  readonly all: Histogram;
  readonly #ended: Histogram;
  readonly #censored: number;

  constructor(ended: Histogram, censored?: Histogram) {
    this.#ended = ended;
    this.#censored = censored?.totalCount ?? 0;
    if (censored === undefined || censored.totalCount === 0) {
      this.all = ended;
      return;
    }
    this.all = latencyHistogram();
    if (ended.totalCount > 0) this.all.add(ended);
    this.all.add(censored);
  }

  /** A maximum or a mean is only a lower bound as soon as anything is censored. */
  get isCensored(): boolean {
    return this.#censored > 0;
  }

  /** Whether a percentile could be higher: it would be, if none of the censored requests ever ended. */
  isLowerBound(percentile: number): boolean {
    if (this.#censored === 0) return false;
    const rank = Math.max(1, Math.ceil((percentile / 100) * this.all.totalCount - 1e-6));
    if (rank > this.#ended.totalCount) return true;
    const without = percentileUs(this.#ended, (rank / this.#ended.totalCount) * 100);
    const within = percentileUs(this.all, (rank / this.all.totalCount) * 100);
    // the same bucket means no difference: `within` is capped by the maximum of all, and is not the lower one there
    return without > within;
  }
}

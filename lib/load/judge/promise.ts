// A latency rule is a promise to each request: p99 < 200ms says that 99 of 100 requests offered are answered as expected
// within 200 ms. One that failed, or had no answer when the run ended, counts as never answered, however soon it failed.

import type { Histogram, JsHistogram } from "hdr-histogram-js";
import { eachCount } from "../../record/each_count.ts";
import { latencyHistogram } from "../../record/latency_recorder.ts";
import { percentileUs } from "../../record/percentile.ts";

/** What became of requests, as far as a promise to them is concerned. */
export interface Promised {
  /** Of all that ended, in µs. */
  readonly response: Histogram;
  /** Of those among them that failed. */
  readonly failures: readonly Histogram[];
  /** How many had no end when the run had. */
  readonly censored: number;
}

export class PromiseToEach {
  /** How many it was made to. */
  readonly of: number;
  /** Of those answered as expected, in µs. */
  readonly answered: Histogram;

  constructor({ response, failures, censored }: Promised) {
    this.of = response.totalCount + censored;
    this.answered = failures.every(({ totalCount }) => totalCount === 0) ? response : without(response, failures);
  }

  get notAsExpected(): number {
    return this.of - this.answered.totalCount;
  }

  /** Within which so many percent of all were answered as expected; Infinity: so many were not. */
  percentileUs(percentile: number): number {
    const { of, answered } = this;
    if (answered.totalCount === of) return percentileUs(answered, percentile);
    const rank = Math.max(1, Math.ceil((percentile / 100) * of - 1e-6));
    // half a rank less, as HdrHistogram rounds up
    return rank > answered.totalCount ? Infinity : percentileUs(answered, ((rank - 0.5) / answered.totalCount) * 100);
  }
}

/** What is left of all without the parts; of parts that are none, as a damaged file may have them, as much as there is. */
function without(all: Histogram, parts: readonly Histogram[]): Histogram {
  const left = latencyHistogram(64) as JsHistogram;
  let total = 0;
  const add = (index: number, count: number): void => {
    left.addToCountAtIndex(index, count);
    total += count;
  };
  eachCount(all, (_, count, index) => add(index, count));
  for (const part of parts) {
    eachCount(part, (_, count, index) => add(index, -Math.min(count, left.getCountAtIndex(index))));
  }
  left.setTotalCount(total);
  let longest = 0;
  eachCount(left, (value) => {
    longest = value;
    if (value > 0) left.minNonZeroValue = Math.min(left.minNonZeroValue, value);
  });
  left.maxValue = Math.min(all.maxValue, left.highestEquivalentValue(longest));
  return left;
}

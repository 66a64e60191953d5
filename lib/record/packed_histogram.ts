// A histogram as plain data, for another thread or process: the values that were recorded, without the many that were not.

import type { Histogram, JsHistogram } from "hdr-histogram-js";
import { eachCount } from "./each_count.ts";

/** Made by `packHistogram`. */
export interface PackedHistogram {
  /** A value and how often it was recorded, in turn. */
  readonly counts: readonly number[];
  /** Exact; the counts keep three digits. */
  readonly max: number;
}

export function packHistogram(histogram: Histogram): PackedHistogram {
  const counts: number[] = [];
  eachCount(histogram, (value, count) => counts.push(value, count));
  return { counts, max: histogram.maxValue };
}

/** Adds what was packed to a histogram of the same range: each count comes to the bucket that it was taken from. */
export function addPacked(histogram: Histogram, { counts, max }: PackedHistogram): void {
  for (let at = 0; at < counts.length; at += 2) histogram.recordValueWithCount(counts[at]!, counts[at + 1]!);
  (histogram as JsHistogram).maxValue = Math.max(histogram.maxValue, max);
}

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

/** The sum of two that were packed of histograms of the same range. */
export function addedPacked(one: PackedHistogram, other: PackedHistogram): PackedHistogram {
  const counts: number[] = [];
  const [a, b] = [one.counts, other.counts];
  let [atA, atB] = [0, 0];
  while (atA < a.length || atB < b.length) {
    const value = Math.min(a[atA] ?? Infinity, b[atB] ?? Infinity);
    let count = 0;
    if (a[atA] === value) {
      count += a[atA + 1]!;
      atA += 2;
    }
    if (b[atB] === value) {
      count += b[atB + 1]!;
      atB += 2;
    }
    counts.push(value, count);
  }
  return { counts, max: Math.max(one.max, other.max) };
}

import type { Histogram } from "hdr-histogram-js";

/** The percentiles that a result tells of each latency, by their names there. */
export const PERCENTILES = { p50: 50, p75: 75, p90: 90, p99: 99, p999: 99.9, p9999: 99.99 } as const;

export type PercentileName = keyof typeof PERCENTILES;

/** Makes a value for each of them. */
export function eachPercentile<T>(valueOf: (percentile: number) => T): Readonly<Record<PercentileName, T>> {
  const entries = Object.entries(PERCENTILES).map(([name, percentile]) => [name, valueOf(percentile)]);
  return Object.fromEntries(entries) as Record<PercentileName, T>;
}

/**
 * The value that `percentile` percent (0 to 100) of what was recorded do not exceed, in the histogram's unit; 0 for an
 * empty one. HdrHistogram gives the highest value that a bucket stands for, which may be above the maximum: this never is.
 */
export function percentileUs(histogram: Histogram, percentile: number): number {
  if (histogram.totalCount === 0) return 0;
  return Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue);
}

/** The mean of what was recorded, each value in the middle of its bucket; never above the maximum, 0 for nothing. */
export function meanUs(histogram: Histogram): number {
  return Math.min(histogram.mean, histogram.maxValue);
}

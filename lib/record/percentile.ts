import type { Histogram } from "hdr-histogram-js";

/**
 * The value that `percentile` percent (0 to 100) of what was recorded do not exceed, in the histogram's unit; 0 for an
 * empty one. HdrHistogram gives the highest value that a bucket stands for, which may be above the maximum: this never is.
 */
export function percentileUs(histogram: Histogram, percentile: number): number {
  if (histogram.totalCount === 0) return 0;
  return Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue);
}

// The slope of one measure of a run over another, and how sure it is.
//
// Theil (1950) and Sen (1968): the median of the slopes between all pairs of samples. A third of the samples may be wild
// (a garbage collection, a burst of dials) without moving it. The 95 % interval is Sen's, from the variance of Kendall's S.
// That variance supposes independent samples. Those of a run are not: memory stays where it is for many of them. So it is
// widened as a trend's variance is with fewer, effective samples (Santer et al. 2000), from the first autocorrelation r of
// what the line leaves over, which a fitted line makes too small by about (2 + 4r)/n (Tjøstheim and Paulsen 1983). A step and
// a saw-tooth, whose samples all remember, are in doubt then as well. Beginnings are left out by the caller, not here.

/** A slope with its 95 % interval. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** The normal quantile of a two-sided 95 % interval. */
const Z95 = 1.959964;

/** What remembers more than this is a walk, of which no number of samples is enough. */
const MOST_CORRELATED = 0.99;

/** Fewer samples than this say nothing. */
const FEWEST = 5;

/** The Theil–Sen slope of y over x; undefined with fewer than five samples of different x. Samples are in their order in time. */
export function theilSen(xs: readonly number[], ys: readonly number[]): Slope | undefined {
  const slopes: number[] = [];
  for (let i = 0; i < xs.length; i++) {
    for (let j = i + 1; j < xs.length; j++) {
      const dx = xs[j]! - xs[i]!;
      if (dx !== 0) slopes.push((ys[j]! - ys[i]!) / dx);
    }
  }
  const n = xs.length;
  if (n < FEWEST || slopes.length < (FEWEST * (FEWEST - 1)) / 2) return undefined;
  slopes.sort((a, b) => a - b);
  const slope = quantileAt(slopes, (slopes.length - 1) / 2);
  const left = ys.map((y, i) => y - slope * xs[i]!);
  const spread = Z95 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18 * inflation(left));
  return {
    slope,
    low: quantileAt(slopes, (slopes.length - 1 - spread) / 2),
    high: quantileAt(slopes, (slopes.length - 1 + spread) / 2),
  };
}

/** By how much the variance grows if the samples are autocorrelated as these are: samples / effective samples, never below 1. */
function inflation(left: readonly number[]): number {
  const n = left.length;
  const mean = left.reduce((sum, value) => sum + value, 0) / n;
  let variance = 0;
  let covariance = 0;
  for (let i = 0; i < n; i++) {
    variance += (left[i]! - mean) ** 2;
    if (i > 0) covariance += (left[i]! - mean) * (left[i - 1]! - mean);
  }
  if (variance === 0) return 1;
  const biased = covariance / variance;
  const r = Math.min(Math.max((n * biased + 2) / (n - 4), 0), MOST_CORRELATED);
  return (1 + r) / (1 - r);
}

/** The value at a fractional rank, between its neighbours. */
function quantileAt(sorted: readonly number[], rank: number): number {
  const clamped = Math.min(Math.max(rank, 0), sorted.length - 1);
  const below = sorted[Math.floor(clamped)]!;
  const above = sorted[Math.ceil(clamped)]!;
  return below + (above - below) * (clamped - Math.floor(clamped));
}

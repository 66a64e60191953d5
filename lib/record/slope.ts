// The slope of a measure over the requests of a run, and how sure it is.
//
// Theil (1950) and Sen (1968): the median of the slopes between all pairs of samples. A third of the samples may be
// wild (a garbage collection, a burst of dials) without moving it. The 95 % interval is Sen's, from the variance of
// Kendall's S. Beginnings are left out by the caller, not here.

/** A slope with its 95 % interval. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** The normal quantile of a two-sided 95 % interval. */
const Z95 = 1.959964;

/** Fewer samples than this say nothing. */
const FEWEST = 5;

/** The Theil–Sen slope of y over x; undefined with fewer than five samples of different x. */
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
  const spread = Z95 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  return {
    slope: quantileAt(slopes, (slopes.length - 1) / 2),
    low: quantileAt(slopes, (slopes.length - 1 - spread) / 2),
    high: quantileAt(slopes, (slopes.length - 1 + spread) / 2),
  };
}

/** The value at a fractional rank, between its neighbours. */
function quantileAt(sorted: readonly number[], rank: number): number {
  const clamped = Math.min(Math.max(rank, 0), sorted.length - 1);
  const below = sorted[Math.floor(clamped)]!;
  const above = sorted[Math.ceil(clamped)]!;
  return below + (above - below) * (clamped - Math.floor(clamped));
}

const MOST_SAMPLES = 240;

/**
 * Samples of (requests, measure…) over a run of any length in bounded memory: when full, every second one is dropped
 * and from then on every second one is not taken.
 */
export class SlopeSamples {
  #xs: number[] = [];
  #columns: number[][];
  #stride = 1;
  #seen = 0;

  constructor(measures: number) {
    this.#columns = Array.from({ length: measures }, () => []);
  }

  add(requests: number, ...measures: number[]): void {
    if (this.#seen++ % this.#stride !== 0) return;
    this.#xs.push(requests);
    measures.forEach((value, i) => this.#columns[i]!.push(value));
    if (this.#xs.length < MOST_SAMPLES) return;
    const even = (_: number, i: number) => i % 2 === 0;
    this.#xs = this.#xs.filter(even);
    this.#columns = this.#columns.map((column) => column.filter(even));
    this.#stride *= 2;
  }

  /** The slope of one measure over the requests, without the first fifth of the run: connections open and heaps fill then in any run. */
  slope(measure: number): Slope | undefined {
    const from = Math.floor(this.#xs.length / 5);
    return theilSen(this.#xs.slice(from), this.#columns[measure]!.slice(from));
  }
}

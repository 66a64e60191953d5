// A latency distribution cut into buckets for a picture: the numbers only, as HDR recorded them.

import { readHdr } from "../../result/hdr.ts";
import type { Latency } from "../../result/result.ts";

/** How many values lie in (fromUs, toUs]; the first bucket also holds everything below. */
export interface Bucket {
  readonly fromUs: number;
  readonly toUs: number;
  readonly count: number;
  /** The percentiles that lie in this bucket, by name, in rising order. */
  readonly percentiles: readonly string[];
}

/**
 * Preferred numbers, coarse to fine: whole decades, 1-2-5, then the R5, R10, R20 and R40 series (ISO 3) rounded to two
 * figures. Bucket edges taken from them are equally wide on a logarithmic scale and still read well.
 */
const DECADES: readonly (readonly number[])[] = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 1.6, 2.5, 4, 6.3],
  [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8],
  [1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9],
];

const MARKED = [["p50", "p50"], ["p90", "p90"], ["p99", "p99"], ["p999", "p99.9"]] as const;

/**
 * Cuts a distribution into at most `maxBuckets` log-spaced buckets from its smallest value to its largest; none if it
 * is empty. Throws if `hdr` is not HdrHistogram's V2 compressed encoding.
 */
export function bucketsOf(latency: Latency, maxBuckets: number): Bucket[] {
  if (latency.count === 0) return [];
  const values = recordedValues(latency);
  if (values.length === 0) return [];
  const edges = edgesFor(values[0]!.value, values.at(-1)!.value, maxBuckets);
  return edges.slice(1).map((toUs, index) => {
    const fromUs = edges[index]!;
    const inside = (value: number) => value <= toUs && (value > fromUs || index === 0);
    return {
      fromUs,
      toUs,
      count: values.reduce((sum, { value, count }) => inside(value) ? sum + count : sum, 0),
      percentiles: MARKED.filter(([field]) => inside(latency[field])).map(([, name]) => name),
    };
  });
}

/** Every recorded value with its count, rising; each as a percentile would tell it, never above the maximum. */
function recordedValues({ hdr, max }: Latency): { value: number; count: number }[] {
  const histogram = readHdr(hdr);
  const iterator = histogram.recordedValuesIterator;
  iterator.reset();
  const values: { value: number; count: number }[] = [];
  while (iterator.hasNext()) {
    const step = iterator.next();
    values.push({ value: Math.min(step.valueIteratedTo, max), count: step.countAtValueIteratedTo });
  }
  return values;
}

/** The finest edges from the series above that stay within the number of buckets. */
function edgesFor(min: number, max: number, maxBuckets: number): number[] {
  let best: number[] = [];
  for (const decade of DECADES) {
    const edges = edgesOf(decade, Math.max(min, 1), Math.max(max, 1));
    if (best.length > 0 && edges.length - 1 > maxBuckets) break;
    best = edges;
  }
  return best;
}

/** The series' numbers from the last one below `min` to the first one not below `max`. */
function edgesOf(decade: readonly number[], min: number, max: number): number[] {
  const edges: number[] = [];
  for (let power = Math.floor(Math.log10(min)) - 1;; power++) {
    for (const mantissa of decade) {
      const edge = Number(`${mantissa}e${power}`);
      if (edge < min) edges.length = 0;
      edges.push(edge);
      if (edge >= max && edges.length > 1) return edges;
    }
  }
}

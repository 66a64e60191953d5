import type { Histogram, JsHistogram } from "hdr-histogram-js";

/**
 * Calls back with each value of a histogram (the lowest of its bucket), how often it was recorded, and its bucket's
 * index, from the least value to the last one. The histogram's own `add`, `mean` and iterators look at all of its 23,000
 * buckets, which takes milliseconds until they are compiled.
 */
export function eachCount(histogram: Histogram, callback: (value: number, count: number, index: number) => void): void {
  const counts = histogram as JsHistogram;
  let left = counts.totalCount;
  for (let index = 0; left > 0; index++) {
    const count = counts.getCountAtIndex(index);
    if (count === 0) continue;
    callback(counts.valueFromIndex(index), count, index);
    left -= count;
  }
}

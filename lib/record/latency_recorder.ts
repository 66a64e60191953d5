import { build, type Histogram } from "hdr-histogram-js";

/** The longest latency told apart, one hour; what is longer counts as this. */
export const LONGEST_US = 3_600_000_000;

/**
 * A new histogram of µs: 1 µs to an hour, three significant digits, plain JavaScript (as fast as WASM, without its
 * start). 32-bit counts overflow at 2³¹ of one value, which a day at 25,000 requests a second reaches.
 */
export function latencyHistogram(bitBucketSize: 32 | 64 = 32): Histogram {
  return build({
    bitBucketSize,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
    autoResize: false,
    useWebAssembly: false,
  });
}

/** Records a span of milliseconds, as µs; a negative one (a clock's rounding) counts as 0. */
export function recordSpanMs(histogram: Histogram, spanMs: number): void {
  const us = Math.round(spanMs * 1000);
  histogram.recordValue(us < 0 ? 0 : us > LONGEST_US ? LONGEST_US : us);
}

/**
 * One latency, recorded for two readers at the price of one: each value goes into the interval's histogram, and `fold`
 * adds the interval to the total and begins the next. O(1) in time and memory, however long the run.
 */
export class LatencyRecorder {
  readonly total: Histogram = latencyHistogram(64);
  readonly interval: Histogram = latencyHistogram();

  /** Records a span of milliseconds, as `recordSpanMs` does. */
  recordMs(spanMs: number): void {
    recordSpanMs(this.interval, spanMs);
  }

  /** Ends the interval: after this it is empty, and `total` has it. */
  fold(): void {
    if (this.interval.totalCount === 0) return;
    this.total.add(this.interval);
    this.interval.reset();
  }
}

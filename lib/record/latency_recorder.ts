// Histograms of µs and the recorder that fills them, for the hot path: no allocation, and no bucket touched without need.

import { build, type Histogram, type JsHistogram } from "hdr-histogram-js";
import { eachCount } from "./each_count.ts";

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
  histogram.recordValue(inRange(Math.round(spanMs * 1000)));
}

function inRange(us: number): number {
  return us < 0 ? 0 : us > LONGEST_US ? LONGEST_US : us;
}

/** Empties a histogram into one of the same range. Its own `reset` would touch pages that no count was ever on. */
function pour(from: JsHistogram, into: JsHistogram): void {
  eachCount(from, (_, count, index) => {
    into.addToCountAtIndex(index, count);
    from.addToCountAtIndex(index, -count);
  });
  into.setTotalCount(into.totalCount + from.totalCount);
  into.maxValue = Math.max(into.maxValue, from.maxValue);
  into.minNonZeroValue = Math.min(into.minNonZeroValue, from.minNonZeroValue);
  from.setTotalCount(0);
  from.maxValue = 0;
  from.minNonZeroValue = Number.MAX_SAFE_INTEGER;
}

/** Below this many µs a histogram of three significant digits tells every value apart: its first bucket. */
const SHORT_US = 2048;

/**
 * One latency, recorded for two readers at the price of one: each value goes into the interval's histogram, and `fold`
 * adds the interval to the total and begins the next. Values under 2 ms, which are nearly all of a busy run's, are
 * counted one by one first (3 ns instead of 25) and reach the histogram when somebody looks. Of longer ones, a row of the
 * same value reaches it at once: what was sent together and answered together took equally long. O(1) in time and
 * memory, however long the run.
 */
export class LatencyRecorder {
  readonly total: Histogram = latencyHistogram(64);
  readonly #interval: Histogram = latencyHistogram();
  /** How often each short value came since somebody looked. */
  readonly #short: Uint32Array = new Uint32Array(SHORT_US);
  #anyShort = false;
  /** The last long value, and how often in a row it came. */
  #longUs = 0;
  #longCount = 0;

  /** Records a span of milliseconds, as `recordSpanMs` does. */
  recordMs(spanMs: number): void {
    const us = Math.round(spanMs * 1000);
    if (us >= 0 && us < SHORT_US) {
      this.#short[us]! += 1;
      this.#anyShort = true;
    } else if (us === this.#longUs) this.#longCount += 1;
    else this.#beginRow(us);
  }

  /** What came since the last `fold`. */
  get interval(): Histogram {
    if (this.#anyShort) this.#settle();
    this.#endRow();
    return this.#interval;
  }

  /** Ends the interval: after this it is empty, and `total` has it. */
  fold(): void {
    pour(this.interval as JsHistogram, this.total as JsHistogram);
  }

  #beginRow(us: number): void {
    this.#endRow();
    this.#longUs = us;
    this.#longCount = 1;
  }

  #endRow(): void {
    if (this.#longCount === 0) return;
    this.#interval.recordValueWithCount(inRange(this.#longUs), this.#longCount);
    this.#longCount = 0;
  }

  #settle(): void {
    this.#anyShort = false;
    const short = this.#short;
    for (let us = 0; us < SHORT_US; us++) {
      if (short[us] !== 0) this.#interval.recordValueWithCount(us, short[us]!);
    }
    short.fill(0);
  }
}

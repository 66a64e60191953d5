import type { Histogram } from "hdr-histogram-js";
import { latencyHistogram, recordSpanMs } from "../../record/latency_recorder.ts";

/** More kinds of errors than this are counted together. */
const MOST_KEYS = 32;

export const OTHER_ERRORS = "other";

/** The key that an error is counted under beside those that there are. */
export function boundedKey(known: ReadonlyMap<string, unknown>, key: string): string {
  return known.has(key) || known.size < MOST_KEYS ? key : OTHER_ERRORS;
}

/** What failed, by phase and code, and after how long: bounded, however many codes a server finds. */
export class ErrorTally {
  readonly #byKey: Map<string, Histogram> = new Map();

  /** `responseMs`: from due to the failure. */
  count(key: string, responseMs: number): void {
    recordSpanMs(this.#histogramOf(key), responseMs);
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#byKey].map(([key, histogram]) => [key, histogram.totalCount]));
  }

  /** Response times in µs; each histogram goes on with the run. */
  latencies(): Record<string, Histogram> {
    return Object.fromEntries(this.#byKey);
  }

  #histogramOf(key: string): Histogram {
    const bounded = boundedKey(this.#byKey, key);
    const known = this.#byKey.get(bounded);
    if (known !== undefined) return known;
    const histogram = latencyHistogram();
    this.#byKey.set(bounded, histogram);
    return histogram;
  }
}

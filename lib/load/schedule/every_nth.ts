// A shard's part of a schedule: every n-th request, so that all shards together send the whole schedule, each request when
// it is due in it.

import type { Schedule } from "./schedule.ts";

/** Every n-th request of a schedule. */
class EveryNth implements Schedule {
  readonly rps: number;
  readonly #whole: Schedule;
  readonly #k: number;
  readonly #n: number;

  constructor(whole: Schedule, k: number, n: number) {
    this.#whole = whole;
    this.#k = k;
    this.#n = n;
    this.rps = whole.rps / n;
  }

  // asked of the whole each time: it may be changed while it runs

  get count(): number {
    return this.#share(this.#whole.count);
  }

  get endMs(): number {
    return this.#whole.endMs;
  }

  dueMs(index: number): number {
    return this.#whole.dueMs(this.#k + index * this.#n);
  }

  dueBefore(elapsedMs: number): number {
    return this.#share(this.#whole.dueBefore(elapsedMs));
  }

  rpsAt(elapsedMs: number): number {
    return this.#whole.rpsAt(elapsedMs) / this.#n;
  }

  /** How many of the first `count` requests are in this part. */
  #share(count: number): number {
    return Math.max(0, Math.ceil((count - this.#k) / this.#n));
  }
}

/**
 * Part `k` (from 0) of `n` of a schedule: requests k, k + n, k + 2n …, each due when it is due in the whole. All parts end
 * with the whole. Throws a `RangeError` unless 0 ≤ k < n, both whole numbers.
 */
export function everyNth(schedule: Schedule, k: number, n: number): Schedule {
  if (!Number.isInteger(n) || !Number.isInteger(k) || k < 0 || k >= n) {
    throw new RangeError(`everyNth: expected 0 ≤ k < n, got k = ${k} of n = ${n}`);
  }
  return n === 1 ? schedule : new EveryNth(schedule, k, n);
}

import type { Schedule } from "./schedule.ts";

/** A schedule's first requests. It ends where the next one would have been due, so that the rate is kept to its end. */
class FirstRequests implements Schedule {
  readonly rps: number;
  readonly count: number;
  readonly endMs: number;
  readonly #whole: Schedule;

  constructor(whole: Schedule, count: number) {
    this.#whole = whole;
    this.count = count;
    this.endMs = whole.dueMs(count);
    this.rps = this.endMs > 0 ? (count * 1000) / this.endMs : 0;
  }

  dueMs(index: number): number {
    return index < this.count ? this.#whole.dueMs(index) : Infinity;
  }

  dueBefore(elapsedMs: number): number {
    return Math.min(this.count, this.#whole.dueBefore(elapsedMs));
  }

  rpsAt(elapsedMs: number): number {
    return elapsedMs < this.endMs ? this.#whole.rpsAt(elapsedMs) : 0;
  }
}

/** No more than a number of requests of a schedule. */
export function firstRequests(whole: Schedule, count: number): Schedule {
  return count < whole.count ? new FirstRequests(whole, count) : whole;
}

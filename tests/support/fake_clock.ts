import type { Clock, Timer } from "../../lib/core/clock.ts";

interface Due {
  readonly atMs: number;
  readonly delayMs: number;
  readonly callback: () => void;
}

/** Time that stands still until the test moves it. */
export class FakeClock implements Clock {
  /** Not 0, which some take for "never". */
  #nowMs = 1_000_000;
  readonly #timers: Set<Due> = new Set();

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const due = { atMs: this.#nowMs + delayMs, delayMs, callback };
    this.#timers.add(due);
    return { clear: () => void this.#timers.delete(due), unref() {} };
  }

  /** Timers that were set and neither fired nor cleared. */
  get pending(): number {
    return this.#timers.size;
  }

  /** How many timers of this delay are running. */
  timers(delayMs: number): number {
    return [...this.#timers].filter((due) => due.delayMs === delayMs).length;
  }

  /** Moves time on; what falls due is called in its order, each at its own instant. */
  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (let due = this.#next(until); due !== undefined; due = this.#next(until)) {
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.callback();
    }
    this.#nowMs = until;
  }

  /** Moves time on to the next timer, and calls it; false: there is none. */
  step(): boolean {
    const due = this.#next(Infinity);
    if (due === undefined) return false;
    this.#timers.delete(due);
    this.#nowMs = Math.max(this.#nowMs, due.atMs);
    due.callback();
    return true;
  }

  /** Time moves on, and the timers are late: none is called. */
  lag(ms: number): void {
    this.#nowMs += ms;
  }

  #next(untilMs: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#timers) {
      if (due.atMs <= untilMs && (first === undefined || due.atMs < first.atMs)) first = due;
    }
    return first;
  }
}

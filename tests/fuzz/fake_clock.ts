import type { Clock, Timer } from "../../lib/core/clock.ts";

interface Entry extends Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that goes when the test says so. */
export class FakeClock implements Clock {
  readonly #timers: Set<Entry> = new Set();
  #nowMs = 1000;

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const entry: Entry = {
      dueMs: this.#nowMs + delayMs,
      callback,
      clear: () => this.#timers.delete(entry),
    };
    this.#timers.add(entry);
    return entry;
  }

  /** Timers that were set and neither fired nor cleared. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Time passes and no timer fires: the process was busy. What is due fires at the next `advance`. */
  leap(ms: number): void {
    this.#nowMs += ms;
  }

  /** Time passes, and each timer fires when it is due. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let next = this.#earliest(endMs); next !== undefined; next = this.#earliest(endMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.callback();
    }
    this.#nowMs = endMs;
  }

  #earliest(endMs: number): Entry | undefined {
    let earliest: Entry | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (earliest === undefined || timer.dueMs < earliest.dueMs)) earliest = timer;
    }
    return earliest;
  }
}

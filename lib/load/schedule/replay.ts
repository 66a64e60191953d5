// A schedule of recorded instants, such as those of an access log.

import { lowerBound } from "./lower_bound.ts";
import type { Schedule } from "./schedule.ts";

/** The rate of a replay in an instant is that of the second around it. */
const WINDOW_MS = 1000;

/** Requests at given instants. */
class Replay implements Schedule {
  readonly rps: number;
  readonly count: number;
  readonly endMs: number;
  readonly #dueMs: ArrayLike<number>;

  constructor(dueMs: ArrayLike<number>, count: number, endMs: number) {
    this.#dueMs = dueMs;
    this.count = count;
    this.endMs = endMs;
    this.rps = endMs > 0 ? (count * 1000) / endMs : 0;
  }

  dueMs(index: number): number {
    return index < this.count ? this.#dueMs[index]! : Infinity;
  }

  dueBefore(elapsedMs: number): number {
    return Math.min(this.count, lowerBound(this.#dueMs, elapsedMs));
  }

  rpsAt(elapsedMs: number): number {
    if (elapsedMs < 0 || elapsedMs >= this.endMs) return 0;
    const fromMs = Math.max(0, Math.min(elapsedMs - WINDOW_MS / 2, this.endMs - WINDOW_MS));
    const toMs = Math.min(this.endMs, fromMs + WINDOW_MS);
    const due = toMs < this.endMs ? this.dueBefore(toMs) : this.count;
    return ((due - this.dueBefore(fromMs)) * 1000) / (toMs - fromMs);
  }
}

/**
 * Requests at these instants, in milliseconds since the beginning, which must not decrease; those from `untilMs` on are
 * left out. It ends with its last request. Throws a `RangeError` for instants that decrease or are negative.
 */
export function replay(dueMs: ArrayLike<number>, untilMs = Infinity): Schedule {
  for (let i = 0; i < dueMs.length; i++) {
    if (!(dueMs[i]! >= (dueMs[i - 1] ?? 0))) throw new RangeError(`replay: instant ${i} is before the one before it`);
  }
  const count = lowerBound(dueMs, untilMs);
  return new Replay(dueMs, count, Math.min(untilMs, dueMs[dueMs.length - 1] ?? 0));
}

// When requests are due: pure functions, without a clock.

/** A schedule of requests, by index and by time since the run's beginning. */
export interface Schedule {
  /** The rate it aims at, requests a second. */
  readonly rps: number;
  /** When request `index` (from 0) is due. */
  dueMs(index: number): number;
  /** How many requests are due before this instant. */
  dueBefore(elapsedMs: number): number;
}

/** Request i at i/rps seconds: from the index alone, so that no error adds up (10⁹ requests are exact to the µs). */
export function constantRate(rps: number): Schedule {
  const dueMs = (index: number) => (index * 1000) / rps;
  return {
    rps,
    dueMs,
    dueBefore(elapsedMs) {
      if (elapsedMs <= 0) return 0;
      // one division may round to the wrong side of a whole number: the other function decides
      let count = Math.max(0, Math.ceil((elapsedMs * rps) / 1000));
      while (count > 0 && dueMs(count - 1) >= elapsedMs) count -= 1;
      while (dueMs(count) < elapsedMs) count += 1;
      return count;
    },
  };
}

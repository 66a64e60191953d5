// A schedule from a rate over time: points on the axis of requests, laid along the curve.

import { RateCurve } from "./rate_curve.ts";
import type { Schedule } from "./schedule.ts";

/** Points in rising order on the axis of requests to expect, one on average in each unit of it. */
export interface Points {
  at(index: number): number;
  /** How many lie before a place. */
  before(place: number): number;
}

/** Request i falls due when i are expected: evenly, as long as the rate is constant. */
export const EVEN: Points = { at: (index) => index, before: (place) => Math.ceil(place) };

/** Points laid along rates: each request from its index alone, so that no error adds up. */
export class RateSchedule implements Schedule {
  readonly rps: number;
  readonly count: number;
  readonly endMs: number;
  readonly #rates: RateCurve;
  readonly #points: Points;

  constructor(rates: RateCurve, points: Points = EVEN) {
    this.#rates = rates;
    this.#points = points;
    this.rps = rates.rps;
    this.endMs = rates.endMs;
    this.count = Infinity;
    if (this.endMs < Infinity) this.count = this.#countBefore(this.endMs);
  }

  dueMs(index: number): number {
    return index < this.count ? this.#instantOf(index) : Infinity;
  }

  dueBefore(elapsedMs: number): number {
    if (elapsedMs <= 0) return 0;
    return elapsedMs >= this.endMs ? this.count : this.#countBefore(elapsedMs);
  }

  rpsAt(elapsedMs: number): number {
    return this.#rates.rpsAt(elapsedMs);
  }

  #instantOf(index: number): number {
    return this.#rates.instantOf(this.#points.at(index));
  }

  /** The area may be rounded to the wrong side of a point: the instants decide. */
  #countBefore(elapsedMs: number): number {
    let count = this.#points.before(this.#rates.totalBefore(elapsedMs));
    while (count > 0 && this.#instantOf(count - 1) >= elapsedMs) count -= 1;
    while (this.#instantOf(count) < elapsedMs) count += 1;
    return count;
  }
}

/** Request i at i/rps seconds, without end. */
export function constantRate(rps: number): Schedule {
  return new RateSchedule(RateCurve.constant(rps));
}

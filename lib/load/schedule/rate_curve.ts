// A rate over time: straight lines, one after the other. Its area up to an instant is the number of requests to expect by
// then, and the inverse of that area is what every schedule with a rate is made of.

import type { Stage } from "../../scenario/plan.ts";

/** A stretch of time over which the rate moves in a straight line. */
interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  /** Requests a second at its beginning and at its end. */
  readonly from: number;
  readonly to: number;
  /** Requests to expect before it, and by its end. */
  readonly before: number;
  readonly after: number;
}

export class RateCurve {
  readonly #stretches: readonly Stretch[];

  private constructor(stretches: readonly Stretch[]) {
    this.#stretches = stretches;
  }

  /** One rate, without end. */
  static constant(rps: number): RateCurve {
    return new RateCurve([{ startMs: 0, endMs: Infinity, from: rps, to: rps, before: 0, after: Infinity }]);
  }

  /**
   * From `startRps` in a straight line to each stage's rate over its duration, as the ramping-arrival-rate of k6 does; a
   * stage without a duration sets the rate at once.
   */
  static stages(startRps: number, stages: readonly Stage[]): RateCurve {
    const stretches: Stretch[] = [];
    let from = startRps;
    for (const { durationMs, rps } of stages) {
      if (durationMs > 0) stretches.push(following(stretches.at(-1), durationMs, from, rps));
      from = rps;
    }
    return new RateCurve(stretches);
  }

  /** The same rates, cut at an instant. */
  until(cutMs: number): RateCurve {
    if (cutMs >= this.endMs) return this;
    const cut: Stretch[] = [];
    for (const { startMs, endMs, from, to } of this.#stretches) {
      if (startMs >= cutMs) break;
      cut.push(following(cut.at(-1), Math.min(endMs, cutMs) - startMs, from, endMs <= cutMs ? to : this.rpsAt(cutMs)));
    }
    return new RateCurve(cut);
  }

  /** Infinity: without end. */
  get endMs(): number {
    return this.#stretches.at(-1)?.endMs ?? 0;
  }

  /** Requests to expect in all. */
  get total(): number {
    return this.#stretches.at(-1)?.after ?? 0;
  }

  /** The mean, requests a second. */
  get rps(): number {
    const [first, second] = this.#stretches;
    if (first === undefined) return 0;
    return second === undefined && first.from === first.to ? first.from : (this.total * 1000) / this.endMs;
  }

  rpsAt(elapsedMs: number): number {
    if (elapsedMs < 0) return 0;
    for (const { startMs, endMs, from, to } of this.#stretches) {
      if (elapsedMs >= endMs) continue;
      return from === to ? from : from + ((to - from) * (elapsedMs - startMs)) / (endMs - startMs);
    }
    return 0;
  }

  /** Requests to expect before an instant, with their fraction. */
  totalBefore(elapsedMs: number): number {
    if (elapsedMs <= 0) return 0;
    for (const { startMs, endMs, from, to, before } of this.#stretches) {
      if (elapsedMs >= endMs) continue;
      const forMs = elapsedMs - startMs;
      const rising = from === to ? 0 : ((to - from) * forMs) / (endMs - startMs) / 2;
      return before + ((from + rising) * forMs) / 1000;
    }
    return this.total;
  }

  /** When more requests than this are expected; the end if that never happens. */
  instantOf(total: number): number {
    // a rate of 0 adds nothing: what falls due at its beginning is due when it is over
    for (const stretch of this.#stretches) if (total < stretch.after) return instantIn(stretch, total);
    return this.endMs;
  }
}

function following(last: Stretch | undefined, durationMs: number, from: number, to: number): Stretch {
  const startMs = last?.endMs ?? 0;
  const before = last?.after ?? 0;
  return { startMs, endMs: startMs + durationMs, from, to, before, after: before + ((from + to) * durationMs) / 2000 };
}

/** Solved without a difference of two large numbers: exact to the µs for 10⁹ requests in one ramp. */
function instantIn({ startMs, endMs, from, to, before }: Stretch, total: number): number {
  const requests = total - before;
  if (requests <= 0) return startMs;
  const perSecond = ((to - from) * 1000) / (endMs - startMs);
  const rps = Math.sqrt(Math.max(0, from * from + 2 * perSecond * requests)); // at that instant
  return Math.min(startMs + (2000 * requests) / (from + rps), endMs);
}

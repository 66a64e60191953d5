// What a run grew by with each request, from its samples. Worked out when somebody asks, as it takes milliseconds, and kept
// until there is another sample.

import type { Slope } from "../record/statistics/slope.ts";
import { SlopeSamples } from "../record/statistics/slope_samples.ts";

/** What the slopes of a run rest on, ten times a second. */
export type StateSample = readonly [completed: number, live: number, rssBytes: number, heldBodies: number];

const [COMPLETED, LIVE, RSS, HELD] = [0, 1, 2, 3];

/** The last two fifths of a run: what only grew at first, or once, grows no more in them, surely. */
const LATE_SHARE = 0.6;

/** How measures of a run move with its requests, its first fifth left out. A slope is undefined if too few samples tell it. */
export interface Slopes {
  readonly connectionsPerRequest: Slope | undefined;
  readonly rssBytesPerRequest: Slope | undefined;
  /** The same from the last two fifths alone. */
  readonly lateRssBytesPerRequest: Slope | undefined;
  readonly rssBytesPerHeld: Slope | undefined;
  /** By how much memory changed after the first fifth. */
  readonly rssBytesChange: number;
}

/** Keeps the samples of a run of any length in bounded memory. */
export class StateSamples implements Slopes {
  readonly #samples = new SlopeSamples(4);
  readonly #known: Map<string, Slope | undefined> = new Map();

  add(sample: StateSample): void {
    this.#samples.add(...sample);
    this.#known.clear();
  }

  get connectionsPerRequest(): Slope | undefined {
    return this.#slope(LIVE, COMPLETED);
  }

  get rssBytesPerRequest(): Slope | undefined {
    return this.#slope(RSS, COMPLETED);
  }

  get lateRssBytesPerRequest(): Slope | undefined {
    return this.#slope(RSS, COMPLETED, LATE_SHARE);
  }

  get rssBytesPerHeld(): Slope | undefined {
    return this.#slope(RSS, HELD);
  }

  get rssBytesChange(): number {
    return this.#samples.change(RSS);
  }

  #slope(measure: number, over: number, from?: number): Slope | undefined {
    const key = `${measure} ${over} ${from}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#samples.slope(measure, over, from));
    return this.#known.get(key);
  }
}

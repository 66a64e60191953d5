// What a run samples of itself, in memory that does not grow, for the slopes of one measure over another.

import { type Slope, theilSen } from "./slope.ts";

const MOST_SAMPLES = 240;

/** Connections open and heaps fill in the first fifth of any run. */
export const START_UP_SHARE = 0.2;

/**
 * Samples of several measures over a run of any length in bounded memory: when full, every second one is dropped and from
 * then on every second one is not taken.
 */
export class SlopeSamples {
  #columns: number[][];
  #stride = 1;
  #seen = 0;

  constructor(measures: number) {
    this.#columns = Array.from({ length: measures }, () => []);
  }

  add(...measures: readonly number[]): void {
    if (this.#seen++ % this.#stride !== 0) return;
    this.#columns.forEach((column, i) => column.push(measures[i]!));
    if (this.#columns[0]!.length < MOST_SAMPLES) return;
    this.#columns = this.#columns.map((column) => column.filter((_, i) => i % 2 === 0));
    this.#stride *= 2;
  }

  /** The slope of a measure over another, from this share of the samples on: without the run's start-up, if not said otherwise. */
  slope(measure: number, over: number, from: number = START_UP_SHARE): Slope | undefined {
    return theilSen(this.#from(over, from), this.#from(measure, from));
  }

  /** By how much a measure changed from this share of the samples to the last one. */
  change(measure: number, from: number = START_UP_SHARE): number {
    const column = this.#from(measure, from);
    return column.length === 0 ? 0 : column.at(-1)! - column[0]!;
  }

  #from(measure: number, from: number): readonly number[] {
    const column = this.#columns[measure]!;
    return column.slice(Math.floor(column.length * from));
  }
}

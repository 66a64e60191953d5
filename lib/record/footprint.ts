// What a process takes up at a moment, in parts. The one list of the measures: ranges, sums, the series and results take
// their keys from it. Which runtime tells what is in README.md.

import type { StartPeakEnd } from "./start_peak_end.ts";

/** What the runtime and the system tell. */
export interface ToldFootprint {
  /** Resident: all of the process that is in memory. */
  readonly rssBytes: number;
  /** What JavaScript objects take, all of them that no collection has taken yet. */
  readonly heapBytes: number;
  /** What objects hold outside the heap, array buffers included. */
  readonly externalBytes: number;
  /** A part of `externalBytes`. Undefined: the runtime does not tell. */
  readonly arrayBuffersBytes?: number | undefined;
  /** Open descriptors: files, sockets, pipes. Undefined: the system does not tell. */
  readonly descriptors?: number | undefined;
}

/** The same with what is left: rssBytes = heapBytes + externalBytes + otherBytes. */
export interface Footprint extends ToldFootprint {
  /**
   * The runtime itself, code, stacks, buffers of its own, the heap's free pages and the heaps of other threads. Below 0
   * where external memory was taken that nobody has touched: it is not resident.
   */
  readonly otherBytes: number;
}

export const MEASURES = [
  "rssBytes",
  "heapBytes",
  "externalBytes",
  "arrayBuffersBytes",
  "otherBytes",
  "descriptors",
] as const satisfies readonly (keyof Footprint)[];

type Measure = (typeof MEASURES)[number];

/** Something of each measure. What is optional is left out where nothing tells it, or told it when the run was recorded. */
export interface EachMeasure<T> {
  readonly rssBytes: T;
  readonly heapBytes: T;
  readonly externalBytes: T;
  readonly arrayBuffersBytes?: T | undefined;
  readonly otherBytes?: T | undefined;
  readonly descriptors?: T | undefined;
}

export type FootprintRanges = EachMeasure<StartPeakEnd>;

/** Makes a value of each measure; without those that it is undefined for. */
export function eachMeasure<T>(valueOf: (measure: Measure) => T | undefined): EachMeasure<T> {
  const values: Partial<Record<Measure, T>> = {};
  for (const measure of MEASURES) {
    const value = valueOf(measure);
    if (value !== undefined) values[measure] = value;
  }
  return values as unknown as EachMeasure<T>;
}

/** The parts, without anything else that a sample holds. */
export function footprintOf(sample: ToldFootprint): Footprint {
  const otherBytes = sample.rssBytes - sample.heapBytes - sample.externalBytes;
  const footprint = { ...sample, otherBytes };
  return eachMeasure((measure) => footprint[measure]) as Footprint;
}

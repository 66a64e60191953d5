// The one list of the latencies that a run records. Tallies, shards, journals, logs, results and rules take their keys from
// it: a further clock is a name here and the place where it is recorded.

/** In the order of a request's life; `censored` is the age of what had no end when the run ended. */
export const CLOCKS = [
  "response",
  "service",
  "lag",
  "dispatch",
  "wait",
  "connect",
  "firstByte",
  "censored",
] as const;

export type ClockName = (typeof CLOCKS)[number];

/** A value for each clock. */
export type Clocks<T> = Readonly<Record<ClockName, T>>;

/** Makes a value for each clock. */
export function eachClock<T>(valueOf: (clock: ClockName) => T): Clocks<T> {
  return Object.fromEntries(CLOCKS.map((clock) => [clock, valueOf(clock)])) as Clocks<T>;
}

// The one list of the latencies that a run records. Tallies, shards, journals, logs, results and rules take their keys from
// it: a further clock is a name here and the place where it is recorded. Results and journals that were written before it
// lack it, so that their schemas must not ask for it.

export const CLOCKS = [
  /** due → completed or failed. */
  "response",
  /** sent → completed or failed. */
  "service",
  /** due → sent: `dispatch` and `wait` together. */
  "lag",
  /** due → handed to the client: the generator's own lateness. */
  "dispatch",
  /** handed over → sent: the wait for a connection; 0 if one was idle. */
  "wait",
  /** A dial, from its beginning until the connection can be used. */
  "connect",
  /** sent → first byte. */
  "firstByte",
  /** due → the run's end, of what had neither completed nor failed by then: less than its response time. */
  "censored",
] as const;

export type ClockName = (typeof CLOCKS)[number];

/** A value for each clock. */
export type Clocks<T> = Readonly<Record<ClockName, T>>;

/** Makes a value for each clock. */
export function eachClock<T>(valueOf: (clock: ClockName) => T): Clocks<T> {
  return Object.fromEntries(CLOCKS.map((clock) => [clock, valueOf(clock)])) as Clocks<T>;
}

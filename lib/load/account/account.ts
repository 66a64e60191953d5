// The account of a run as its readers see it: counts and latencies. Who keeps it, and from what, is in the files beside this.

import type { Histogram } from "hdr-histogram-js";
import { type Clocks, eachClock } from "../../record/clocks.ts";
import type { LatencyRecorder } from "../../record/latency_recorder.ts";
import type { RequestAccount } from "./request_tally.ts";

/** How many requests are where: at any moment offered = completed + failed + inFlight + unsent, to the unit. */
export interface RequestCounts {
  readonly offered: number;
  readonly completed: number;
  readonly failed: number;
  /** Sent, and neither completed nor failed. */
  readonly inFlight: number;
  /** Due, and without a connection to be sent on. */
  readonly unsent: number;
}

/** The account of a run, for its readers: kept in this thread, or put together from several threads'. */
export interface Account extends RequestCounts {
  /** Of those completed, the ones that were answered after the last could be sent. */
  readonly answeredInGrace: number;
  readonly clocks: Clocks<LatencyRecorder>;
  byStatus(): Record<string, number>;
  byError(): Record<string, number>;
  /** By the keys of `byError`; response times in µs. */
  errorLatencies(): Record<string, Histogram>;
  /** Of the first `requests` of a plan. */
  byRequest(requests: number): RequestAccount[];
  /** Bodies held now, of each of them; also where there is only one. */
  heldByRequest(requests: number): number[];
  /** Ends a second for every latency. */
  fold(): void;
}

/** All that was folded, in µs. */
export function totalsOf({ clocks }: Account): Clocks<Histogram> {
  return eachClock((clock) => clocks[clock].total);
}

/** What was not folded yet, in µs. */
export function intervalsOf({ clocks }: Account): Clocks<Histogram> {
  return eachClock((clock) => clocks[clock].interval);
}

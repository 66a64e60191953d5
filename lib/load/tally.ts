import type { Histogram } from "hdr-histogram-js";
import { LatencyRecorder } from "../record/latency_recorder.ts";
import type { TransportError } from "../transport/transport_error.ts";
import { ErrorTally } from "./error_tally.ts";
import { LagClock } from "./lag_clock.ts";
import { RequestTally } from "./request_tally.ts";

/** Every latency that a run records, in the order of a request's life. */
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

export type Clocks<T> = Readonly<Record<(typeof CLOCKS)[number], T>>;

/**
 * The account of a run, in O(1) per request: at any moment
 * offered = completed + failed + inFlight + unsent, to the unit.
 */
export class Tally {
  offered = 0;
  completed = 0;
  failed = 0;
  /** Sent, and neither completed nor failed. */
  inFlight = 0;
  /** Due, and without a connection to be sent on. */
  unsent = 0;
  readonly late: LagClock = new LagClock();
  readonly clocks: Clocks<LatencyRecorder> = {
    /** Of what completed or failed. */
    response: new LatencyRecorder(),
    service: new LatencyRecorder(),
    lag: this.late.lag,
    dispatch: this.late.dispatch,
    wait: this.late.wait,
    connect: new LatencyRecorder(),
    firstByte: new LatencyRecorder(),
    /** How old was what had neither completed nor failed when the run ended: less than its response time. */
    censored: new LatencyRecorder(),
  };
  readonly errors: ErrorTally = new ErrorTally();
  readonly #byStatus: number[] = [];
  readonly #byRequest: RequestTally[] = [];

  countStatus(status: number): void {
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
  }

  countError(error: TransportError, responseMs: number): void {
    this.errors.count(`${error.phase}/${error.code}`, responseMs);
  }

  /** The account of one of several requests, by its place among them. */
  ofRequest(index: number): RequestTally {
    return this.#byRequest[index] ??= new RequestTally();
  }

  byStatus(): Record<string, number> {
    const record: Record<string, number> = {};
    this.#byStatus.forEach((count, status) => record[status] = count); // skips the holes
    return record;
  }

  /** Ends a second for every latency. */
  fold(): void {
    for (const clock of CLOCKS) this.clocks[clock].fold();
  }

  /** All that was folded, in µs. */
  totals(): Clocks<Histogram> {
    return this.#each("total");
  }

  /** What was not folded yet, in µs. */
  intervals(): Clocks<Histogram> {
    return this.#each("interval");
  }

  #each(part: "total" | "interval"): Clocks<Histogram> {
    return Object.fromEntries(CLOCKS.map((clock) => [clock, this.clocks[clock][part]])) as Clocks<Histogram>;
  }
}

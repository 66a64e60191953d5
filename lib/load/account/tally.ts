// The account that one thread keeps of a run. Readers see an `Account`; the generator and its drivers write here.

import type { Histogram } from "hdr-histogram-js";
import { CLOCKS, type Clocks, eachClock } from "../../record/clocks.ts";
import { LatencyRecorder } from "../../record/latency_recorder.ts";
import type { Account } from "./account.ts";
import { ErrorTally } from "./error_tally.ts";
import { LagClock } from "./lag_clock.ts";
import { type RequestAccount, RequestTally } from "./request_tally.ts";

/** The account of a run as a generator keeps it, in O(1) per request. */
export class Tally implements Account {
  offered = 0;
  completed = 0;
  answeredInGrace = 0;
  /** The clock's instant from which on no request is sent, and answers come in the grace. */
  graceFromMs = Infinity;
  failed = 0;
  inFlight = 0;
  unsent = 0;
  readonly clocks: Clocks<LatencyRecorder> = eachClock(() => new LatencyRecorder());
  readonly late: LagClock = new LagClock(this.clocks);
  readonly errors: ErrorTally = new ErrorTally();
  readonly #byStatus: number[] = [];
  readonly #byRequest: RequestTally[] = [];
  readonly #held: number[] = [];

  /** Counts a request that was completed; `atMs`: the clock's instant of its answer's last byte. */
  complete(atMs: number): void {
    this.completed += 1;
    if (atMs > this.graceFromMs) this.answeredInGrace += 1;
  }

  countStatus(status: number): void {
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
  }

  /** A body of the plan's request at this place is held from now on, or no longer. */
  countHeld(request: number, change: 1 | -1): void {
    this.#held[request] = (this.#held[request] ?? 0) + change;
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

  byError(): Record<string, number> {
    return this.errors.counts();
  }

  errorLatencies(): Record<string, Histogram> {
    return this.errors.latencies();
  }

  heldByRequest(requests: number): number[] {
    return Array.from({ length: requests }, (_, index) => this.#held[index] ?? 0);
  }

  byRequest(requests: number): RequestAccount[] {
    return Array.from({ length: requests }, (_, index) => this.ofRequest(index).account(this.#held[index] ?? 0));
  }

  fold(): void {
    for (const clock of CLOCKS) this.clocks[clock].fold();
  }
}

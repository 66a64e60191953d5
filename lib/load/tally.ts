import { LatencyRecorder } from "../record/latency_recorder.ts";
import type { TransportError } from "../transport/transport_error.ts";
import { RequestTally } from "./request_tally.ts";

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
  readonly response: LatencyRecorder = new LatencyRecorder();
  readonly service: LatencyRecorder = new LatencyRecorder();
  readonly lag: LatencyRecorder = new LatencyRecorder();
  readonly connect: LatencyRecorder = new LatencyRecorder();
  readonly firstByte: LatencyRecorder = new LatencyRecorder();
  readonly #byStatus: number[] = [];
  readonly #byRequest: RequestTally[] = [];
  readonly #byError: Map<string, number> = new Map();

  countStatus(status: number): void {
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
  }

  countError(error: TransportError): void {
    this.countFailure(`${error.phase}/${error.code}`);
  }

  /** A failure by its key, as results show it. */
  countFailure(key: string): void {
    this.#byError.set(key, (this.#byError.get(key) ?? 0) + 1);
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
    return Object.fromEntries(this.#byError);
  }

  /** Ends a second for every latency. */
  fold(): void {
    this.response.fold();
    this.service.fold();
    this.lag.fold();
    this.connect.fold();
    this.firstByte.fold();
  }
}

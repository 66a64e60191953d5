// The account of one of a plan's several requests: a part of the run's, with fewer figures.

import type { Histogram } from "hdr-histogram-js";
import { latencyHistogram, recordSpanMs } from "../../record/latency_recorder.ts";
import { boundedKey } from "./error_tally.ts";

/** What became of one of several requests. */
export interface RequestAccount {
  readonly offered: number;
  readonly completed: number;
  readonly failed: number;
  /** Bodies of its responses that are held. */
  readonly held: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byError: Readonly<Record<string, number>>;
  /** In µs. */
  readonly response: Histogram;
}

/** The account of one of several requests as it grows, in O(1) for each sending. */
export class RequestTally {
  offered = 0;
  completed = 0;
  failed = 0;
  readonly #response: Histogram = latencyHistogram();
  readonly #byStatus: number[] = [];
  readonly #byError: Map<string, number> = new Map();

  countStatus(status: number): void {
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
  }

  countFailure(key: string): void {
    this.failed += 1;
    const bounded = boundedKey(this.#byError, key);
    this.#byError.set(bounded, (this.#byError.get(bounded) ?? 0) + 1);
  }

  recordMs(responseMs: number): void {
    recordSpanMs(this.#response, responseMs);
  }

  /** As it stands, with how many of its bodies are held: what is still in flight, and ends after the run, changes nothing in it. */
  account(held: number): RequestAccount {
    const byStatus: Record<string, number> = {};
    this.#byStatus.forEach((count, status) => byStatus[status] = count); // skips the holes
    const response = latencyHistogram();
    response.add(this.#response);
    const { offered, completed, failed } = this;
    return { offered, completed, failed, held, byStatus, byError: Object.fromEntries(this.#byError), response };
  }
}

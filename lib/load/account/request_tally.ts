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
  /** How many had no end when the run had. */
  readonly censored: number;
  /** In µs; of all that ended, and of those among them that failed. */
  readonly response: Histogram;
  readonly failures: Histogram;
}

/** The account of one of several requests as it grows, in O(1) for each sending. */
export class RequestTally {
  offered = 0;
  completed = 0;
  failed = 0;
  censored = 0;
  readonly #response: Histogram = latencyHistogram();
  /** Undefined: none yet. */
  #failures: Histogram | undefined = undefined;
  readonly #byStatus: number[] = [];
  readonly #byError: Map<string, number> = new Map();

  countStatus(status: number): void {
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
  }

  /** `responseMs`: from due to the failure; `recordMs` is told as well. */
  countFailure(key: string, responseMs: number): void {
    this.failed += 1;
    recordSpanMs(this.#failures ??= latencyHistogram(), responseMs);
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
    const { offered, completed, failed, censored } = this;
    return {
      offered,
      completed,
      failed,
      held,
      censored,
      byStatus,
      byError: Object.fromEntries(this.#byError),
      response: copyOf(this.#response),
      failures: copyOf(this.#failures),
    };
  }
}

function copyOf(histogram: Histogram | undefined): Histogram {
  const copy = latencyHistogram();
  if (histogram !== undefined) copy.add(histogram);
  return copy;
}

// The rates of a run: what was asked for and what came of it, over the time in which requests were sent. That is the
// plan's duration, or until the run was stopped; of a count of requests, until the next one would have been due, and in a
// closed loop until the last answer. An answer after that time was not given at the rate that was asked for.

import type { Measurement } from "../measurement.ts";

export interface Rates {
  /** Null: a closed loop. */
  readonly target: number | null;
  readonly achieved: number;
  readonly answeredInGrace: number;
}

/** What was asked for, null in a closed loop, and what was completed a second while requests were sent. */
export function ratesOf(
  { requests, answeredInGrace, durationMs, rpsTarget }: Pick<
    Measurement,
    "requests" | "answeredInGrace" | "durationMs" | "rpsTarget"
  >,
): Rates {
  return {
    target: rpsTarget === undefined ? null : toThousandths(rpsTarget),
    achieved: durationMs > 0 ? toThousandths(((requests.completed - answeredInGrace) * 1000) / durationMs) : 0,
    answeredInGrace,
  };
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

import type { Measurement } from "../measurement.ts";

export interface Rates {
  /** Null: a closed loop. */
  readonly target: number | null;
  readonly achieved: number;
}

/** What was asked for, null in a closed loop, and what was completed a second. */
export function ratesOf({ requests, durationMs, rpsTarget }: Measurement): Rates {
  return {
    target: rpsTarget === undefined ? null : toThousandths(rpsTarget),
    achieved: durationMs > 0 ? toThousandths((requests.completed * 1000) / durationMs) : 0,
  };
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

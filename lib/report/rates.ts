import type { Run } from "../load/run.ts";
import type { Result } from "./result.ts";

/** What was asked for, null in a closed loop, and what was completed a second. */
export function ratesOf({ requests, durationMs, rpsTarget }: Run): Result["rps"] {
  return {
    target: rpsTarget === undefined ? null : toThousandths(rpsTarget),
    achieved: durationMs > 0 ? toThousandths((requests.completed * 1000) / durationMs) : 0,
  };
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

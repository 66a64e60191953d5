import type { Result } from "../lib/report/result.ts";
import { EXIT_INTERRUPTED } from "./interrupt.ts";

/** An internal error, or a file that could not be written. */
export const EXIT_FAILED = 1;

/** What was asked for cannot be done as it was written. */
export const EXIT_USAGE = 2;

/** The run ended early: a limit was reached, or a part of it died. */
export const EXIT_STOPPED = 3;

/** The exit code that a run's outcome stands for. */
export function exitCodeOf({ outcome }: Result): number {
  return outcome === "completed" ? 0 : outcome === "stopped" ? EXIT_STOPPED : EXIT_INTERRUPTED;
}

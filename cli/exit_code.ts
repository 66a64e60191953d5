import type { Result } from "../lib/result/result.ts";
import { EXIT_INTERRUPTED } from "./terminal/interrupt.ts";

/** An internal error, or a file that could not be written. */
export const EXIT_FAILED = 1;

/** A wrong flag, scenario or file. */
export const EXIT_USAGE = 2;

/** The run ended early: it reached a limit, or a part of it died. */
export const EXIT_STOPPED = 3;

/** A threshold failed. */
export const EXIT_THRESHOLD = 99;

/** The exit code that a run's outcome stands for. */
export function exitCodeOf({ outcome, thresholds }: Result): number {
  switch (outcome) {
    case "completed":
      return thresholds.some(({ failed }) => failed) ? EXIT_THRESHOLD : 0;
    case "stopped":
      return thresholds.some(({ failed, abort }) => failed && abort) ? EXIT_THRESHOLD : EXIT_STOPPED;
    case "interrupted":
      return EXIT_INTERRUPTED;
  }
}

import type { Result } from "../lib/result/result.ts";
import { EXIT_INTERRUPTED } from "./terminal/interrupt.ts";

/** An internal error, or a file that could not be written. */
export const EXIT_FAILED = 1;

/** A wrong flag, scenario or file. */
export const EXIT_USAGE = 2;

/** The run ended early: it reached a limit, or a part of it died. */
export const EXIT_STOPPED = 3;

/** Not one request was answered as expected. */
export const EXIT_NO_ANSWER = 4;

/** A rule failed. */
export const EXIT_THRESHOLD = 99;

/** Of several, the first of these counts. */
const PRECEDENCE: readonly number[] = [EXIT_FAILED, EXIT_INTERRUPTED, EXIT_STOPPED, EXIT_THRESHOLD, EXIT_NO_ANSWER];

/** The exit code that a run's result stands for. */
export function exitCodeOf({ outcome, thresholds, baseline, requests }: Result): number {
  if (outcome === "interrupted") return EXIT_INTERRUPTED;
  if (outcome === "stopped" && !thresholds.some(({ endedRun }) => endedRun)) return EXIT_STOPPED;
  if ([...thresholds, ...baseline?.rules ?? []].some(({ failed }) => failed)) return EXIT_THRESHOLD;
  return requests.completed === 0 ? EXIT_NO_ANSWER : 0;
}

/** The exit code of a command with several runs, or other reasons to fail. */
export function firstExitCode(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? 0;
}

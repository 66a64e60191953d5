// The signals that end a run with its report, and those that its helpers leave to it.

import { readFileSync } from "node:fs";
import process from "node:process";
import { stderr } from "./output.ts";

/** The shell's code for a process that SIGINT ended. */
export const EXIT_INTERRUPTED = 130;

/** Ctrl-C, whoever manages this process, and a terminal that was closed. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * The first signal aborts, so that the run ends with its report; the second one ends the process at once. To be called
 * before the load starts: Deno panics if it first needs its signal pipe when no file descriptor is left.
 */
export function installInterrupt(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort();
    if (process.stderr.isTTY === true) void stderr.write("\nstopping; once more ends it at once\n");
  };
  for (const signal of SIGNALS) if (signal !== "SIGHUP" || !ignoresHangup()) process.on(signal, onSignal);
  return controller.signal;
}

/** Whether `nohup` started this process. Linux tells; Node takes it back before it could be asked. */
function ignoresHangup(): boolean {
  try {
    const mask = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "0";
    return (Number.parseInt(mask.at(-1)!, 16) & 1) === 1; // SIGHUP is 1
  } catch {
    return false;
  }
}

/**
 * For helpers: what ends a run reaches every process of its terminal or its group, but a helper ends when its parent
 * says so, or is gone.
 */
export function leaveInterruptToParent(): void {
  for (const signal of SIGNALS) process.on(signal, () => {});
}

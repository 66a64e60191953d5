import process from "node:process";

/** The shell's code for a process that SIGINT ended. */
export const EXIT_INTERRUPTED = 130;

/**
 * Ctrl-C, or a SIGTERM from whoever manages this process: the first one aborts the signal, so that the run ends with its
 * report; the second one ends the process at once. To be called before the load starts: Deno panics if it first needs
 * its signal pipe when no file descriptor is left.
 */
export function installInterrupt(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort();
    if (process.stderr.isTTY === true) process.stderr.write("\nstopping; once more ends it at once\n");
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return controller.signal;
}

/** For helpers: Ctrl-C reaches every process of the terminal, but they end when their parent says so. */
export function leaveInterruptToParent(): void {
  process.on("SIGINT", () => {});
}

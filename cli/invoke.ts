// A command line from beginning to end: parses it, runs its command, and turns whatever went wrong into one line and an
// exit code.

import { CommanderError } from "commander";
import process from "node:process";
import { EXIT_FAILED, EXIT_STOPPED, EXIT_USAGE } from "./exit_code.ts";
import { notWritten } from "./output/append_file.ts";
import { NotStarted } from "./process/target.ts";
import { createProgram } from "./program.ts";
import { stdout } from "./terminal/output.ts";
import { note } from "./terminal/terminal.ts";
import { usageLine } from "./usage_line.ts";

/** Carries out the command line of this process; never throws. Leaves the verdict in `process.exitCode`. */
export async function invoke(): Promise<void> {
  process.exitCode = 0;
  const program = createProgram();
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    process.exitCode = await report(error);
  }
  if (stdout.problem === undefined) return;
  // also where its reader has seen enough (`| head`): a verdict that nobody saw has not been given
  await note(`loadgen: ${notWritten("stdout", { code: stdout.problem })}`);
  process.exitCode = EXIT_FAILED;
}

async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
  const line = usageLine(error);
  if (line !== undefined) {
    await note(`loadgen: ${line}`);
    return EXIT_USAGE;
  }
  if (error instanceof NotStarted) {
    await note(`loadgen: ${error.message}`);
    return EXIT_STOPPED;
  }
  await note(`loadgen: internal error: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
  return EXIT_FAILED;
}

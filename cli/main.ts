#!/usr/bin/env node
// The entry: parses, runs a command, and turns whatever went wrong into one line and an exit code.

import { CommanderError } from "commander";
import process from "node:process";
import { EXIT_FAILED, EXIT_USAGE } from "./exit_code.ts";
import { createProgram } from "./program.ts";
import { endQuietlyOnClosedPipe, note, write } from "./terminal/terminal.ts";
import { usageLine } from "./usage_line.ts";

endQuietlyOnClosedPipe();
process.exitCode = 0;
const program = createProgram();
try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = await report(error);
}
await write(process.stdout, "");
process.exit();

async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
  const line = usageLine(error);
  if (line !== undefined) {
    await note(`loadgen: ${line}`);
    return EXIT_USAGE;
  }
  await note(`loadgen: internal error: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
  return EXIT_FAILED;
}

#!/usr/bin/env node
// The entry: a process that carries out its command line.

import process from "node:process";
import { EXIT_STOPPED } from "./exit_code.ts";
import { stderr, stdout } from "./terminal/output.ts";

try {
  const { invoke } = await import("./invoke.ts"); // here, as Node opens all modules at once and may run out of files
  await invoke();
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== "EMFILE") throw error;
  void stderr.write("loadgen: the limit of open files is too low to start: raise it with ulimit -n\n");
  process.exitCode = EXIT_STOPPED;
}
await Promise.all([stdout.flush(), stderr.flush()]);
process.exit();

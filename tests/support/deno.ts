// Runs `deno fmt` and `deno lint` from the npm package, whether or not its install script has run.

import { spawnSync } from "node:child_process";
import process from "node:process";
import { findRuntime } from "../../cli/process/runtimes.ts";

const deno = findRuntime("deno");
if (deno === undefined) {
  console.error("deno is not installed: npm ci installs it");
  process.exit(1);
}
process.exit(spawnSync(deno, process.argv.slice(2), { stdio: "inherit" }).status ?? 1);

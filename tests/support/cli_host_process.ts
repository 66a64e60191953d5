// The process of a `CliHost`: carries out the command lines that it reads, and answers each with what it left behind.

import process from "node:process";
import { createInterface } from "node:readline";
import { invoke } from "../../cli/invoke.ts";
import { type Output, stderr, stdout } from "../../cli/terminal/output.ts";
import type { Finished } from "./cli.ts";

const printed = { stdout: "", stderr: "" };
for (const [name, output] of Object.entries({ stdout, stderr }) as ["stdout" | "stderr", Output][]) {
  output.write = (text) => {
    printed[name] += text;
    return Promise.resolve();
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.argv.splice(2, Infinity, ...JSON.parse(line) as string[]);
  printed.stdout = printed.stderr = "";
  await invoke();
  const finished: Finished = { code: process.exitCode as number, ...printed };
  process.stdout.write(`${JSON.stringify(finished)}\n`);
}
process.exit(0);

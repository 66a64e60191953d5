// The process of a `CliHost`: carries out the command lines that it reads, and answers each with what it left behind.

import process from "node:process";
import { createInterface } from "node:readline";
import { invoke } from "../../cli/invoke.ts";
import type { Finished } from "./cli.ts";

const printed = { stdout: "", stderr: "" };
const answer = process.stdout.write.bind(process.stdout);
for (const name of ["stdout", "stderr"] as const) {
  process[name].write = (text: string | Uint8Array, ...more: unknown[]): boolean => {
    printed[name] += text;
    const written = more.at(-1);
    if (typeof written === "function") written();
    return true;
  };
}
// which is apart from `process.stdout` in Deno and Bun: the package for completions prints with it
console.log = (text: string) => void (printed.stdout += `${text}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  process.argv.splice(2, Infinity, ...JSON.parse(line) as string[]);
  printed.stdout = printed.stderr = "";
  await invoke();
  const finished: Finished = { code: process.exitCode as number, ...printed };
  answer(`${JSON.stringify(finished)}\n`);
}
process.exit(0);

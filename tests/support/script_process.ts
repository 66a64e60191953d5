import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { currentRuntime } from "../../cli/process/runtimes.ts";

/** A script of tests/support as a process of its own, under the runtime of the test; `env`: besides the test's. */
export function startScript(
  name: string,
  args: readonly string[],
  { stdin = "ignore", env = {} }: { stdin?: "ignore" | "pipe"; env?: Readonly<Record<string, string>> } = {},
): ChildProcess {
  const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const script = fileURLToPath(new URL(`./${name}.${suffix}`, import.meta.url));
  const words = currentRuntime() === "deno" ? ["run", "-A", "--no-check", "--quiet", script] : [script];
  return spawn(process.execPath, [...words, ...args], {
    stdio: [stdin, "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
}

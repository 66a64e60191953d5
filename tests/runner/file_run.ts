// One test file under one runtime, in a process of its own that ends when its time is up.

import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { packageRoot, type RuntimeName } from "../../cli/process/runtimes.ts";
import { type Failure, type JunitReport, parseJunit } from "./junit.ts";
import { runnerCommand } from "./runner_command.ts";

/** What became of a file: its tests, and what its process printed. */
export interface FileOutcome extends JunitReport {
  readonly output: string;
  readonly seconds: number;
}

/** As much of what a file printed as is worth keeping: its end. */
const MOST_OUTPUT = 64 * 1024;

/** How much of it names the test that hung. */
const LAST_LINES = 12;

/** Groups of processes under way: they end with this one. */
const groups = new Set<number>();

process.on("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

function endAll(): void {
  for (const group of groups) endGroup(group);
}

function endGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // it has ended
  }
}

let reports = 0;

/**
 * Runs a file; never throws. A file whose process outlives `limitMs`, dies, or reports no test has failed, and the
 * failure says what it printed last.
 */
export function runFile(
  runtime: RuntimeName,
  executable: string,
  file: string,
  limitMs: number,
): Promise<FileOutcome> {
  const report = join(tmpdir(), `loadgen-tests-${process.pid}-${++reports}.xml`);
  const started = performance.now();
  // a group of its own: what a hung test has started ends with it
  const child = spawn(executable, runnerCommand(runtime, file, report), {
    cwd: packageRoot,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
    detached: true,
  });
  if (child.pid !== undefined) groups.add(child.pid);
  let output = "";
  const keep = (bytes: Uint8Array): void => {
    output = (output + new TextDecoder().decode(bytes)).slice(-MOST_OUTPUT);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child.pid!);
  }, limitMs);
  return new Promise((resolve) => {
    const end = (how: string, ended: boolean): void => {
      clearTimeout(timer);
      if (child.pid !== undefined) groups.delete(child.pid);
      const problem = late ? `it was not done within ${limitMs / 1000} s` : how;
      const { passed, failures } = readReport(report);
      rmSync(report, { force: true });
      const lied = failures.length === 0 && (!ended || passed === 0);
      const own: Failure = { test: `${file} as a whole`, why: `${problem}; last it said:\n${lastLines(output)}` };
      resolve({
        passed,
        failures: late || lied ? [...failures, own] : failures,
        output,
        seconds: (performance.now() - started) / 1000,
      });
    };
    child.on("error", (error) => end(error.message, false));
    child.on("close", (code, signal) => end(signal ?? `it exited with code ${code}`, code === 0));
  });
}

/** A report that is missing or cut off says nothing. */
function readReport(path: string): JunitReport {
  try {
    return parseJunit(readFileSync(path, "utf8"));
  } catch {
    return { passed: 0, failures: [] };
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
}

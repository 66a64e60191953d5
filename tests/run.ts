// The test command: every *_test file under Node, Deno and Bun, and one closing line "N passed, N failed".
//
//   node dist/tests/run.js [--runtimes node,bun] [--integration] [part of a path ...]
//
// tests/integration wants servers and proxies that a machine may not have: --integration runs it, and nothing else.

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { findRuntime, isRuntimeName, packageRoot, type RuntimeName, RUNTIMES } from "../cli/process/runtimes.ts";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const { runtimes, integration, filters } = parseArguments(process.argv.slice(2));
const files = testFiles(integration, filters);
if (files.length === 0) {
  console.log(`no test file matches ${filters.join(" ")}`);
  process.exit(1);
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
for (const name of runtimes) {
  const started = performance.now();
  const tally = await runUnder(name);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name}: ${tally.passed} passed, ${tally.failed} failed in ${seconds} s`);
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.skipped += tally.skipped;
}
if (total.skipped > 0) console.log(`a skipped test counts as failed: ${total.skipped}`);
total.failed += total.skipped;
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function parseArguments(words: string[]): { runtimes: RuntimeName[]; integration: boolean; filters: string[] } {
  let runtimes: RuntimeName[] = [...RUNTIMES];
  let integration = false;
  const filters: string[] = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "--runtimes") runtimes = (words[++i] ?? "").split(",").filter(isRuntimeName);
    else if (words[i] === "--integration") integration = true;
    else filters.push(words[i]!);
  }
  return { runtimes, integration, filters };
}

function testFiles(integration: boolean, filters: string[]): string[] {
  return readdirSync(join(packageRoot, "tests"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("_test.ts"))
    .filter((path) => path.startsWith("integration") === integration)
    .map((path) => join("tests", path))
    .filter((path) => filters.length === 0 || filters.some((part) => path.includes(part)))
    .sort();
}

/** Two processes share the files, for most tests wait most of the time; those that measure time come alone, behind them. */
async function runUnder(name: RuntimeName): Promise<Tally> {
  const executable = findRuntime(name);
  if (executable === undefined) {
    console.log(`${name} is not installed: npm ci installs it`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const [timed, others] = [files.filter(isTimed), files.filter((path) => !isTimed(path))];
  const halves = [0, 1].map((half) => others.filter((_, index) => index % 2 === half));
  const run = (share: string[]) => share.length === 0 ? [] : [runShare(name, executable, share)];
  const tallies = await Promise.all(halves.flatMap(run));
  tallies.push(...await Promise.all(run(timed)));
  const sum = (key: keyof Tally) => tallies.reduce((all, tally) => all + tally[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

function isTimed(path: string): boolean {
  return path.startsWith(join("tests", "load"));
}

async function runShare(name: RuntimeName, executable: string, share: readonly string[]): Promise<Tally> {
  const { output, code } = await capture(executable, commandFor(name, share));
  const tally = readTally(name, output);
  const silent = tally.passed + tally.failed === 0;
  const lied = code !== 0 && tally.failed === 0;
  if (code !== 0 || silent) console.log(output);
  if (silent || lied) {
    console.log(`${name} exited ${code} after ${tally.passed} tests without naming a failed one`);
    tally.failed += 1;
  }
  return tally;
}

function commandFor(name: RuntimeName, files: readonly string[]): string[] {
  switch (name) {
    case "node":
      return [
        "--test",
        "--test-reporter=spec",
        ...files.map((path) => join("dist", path.replace(/\.ts$/, ".js"))),
      ];
    case "deno":
      return ["test", "-A", "--no-check", "--quiet", ...files];
    case "bun":
      return ["test", "--timeout", "120000", ...files.map((path) => `./${relative(".", path)}`)];
  }
}

function capture(executable: string, words: string[]): Promise<{ output: string; code: number }> {
  return new Promise((resolve) => {
    const child = spawn(executable, words, {
      cwd: packageRoot,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    let output = "";
    child.stdout.on("data", (bytes) => output += bytes);
    child.stderr.on("data", (bytes) => output += bytes);
    child.on("close", (code) => resolve({ output, code: code ?? 1 }));
  });
}

/** Reads each runner's own closing count. */
function readTally(name: RuntimeName, output: string): Tally {
  const count = (pattern: RegExp) => Number(output.match(pattern)?.[1] ?? 0);
  switch (name) {
    case "node":
      return {
        passed: count(/^ℹ pass (\d+)$/m),
        failed: count(/^ℹ fail (\d+)$/m) + count(/^ℹ cancelled (\d+)$/m),
        skipped: count(/^ℹ skipped (\d+)$/m) + count(/^ℹ todo (\d+)$/m),
      };
    case "deno":
      return {
        passed: count(/^(?:ok|FAILED) \| (\d+) passed/m),
        failed: count(/\| (\d+) failed/m),
        skipped: count(/\| (\d+) ignored/m),
      };
    case "bun":
      return {
        passed: count(/^ *(\d+) pass$/m),
        failed: count(/^ *(\d+) fail$/m),
        skipped: count(/^ *(\d+) skip$/m) + count(/^ *(\d+) todo$/m),
      };
  }
}

// The test command: every *_test file under Node, Deno and Bun, and one closing line "N passed, N failed".
//
//   node dist/tests/run.js [--runtimes node,bun] [--integration] [--limit SECONDS] [--slowest N] [part of a path ...]
//
// Each file runs in a process of its own with a time limit. Most tests wait most of the time, so several files run side
// by side; those that measure time come alone, last. A file that failed runs once more with nothing beside it: what fails
// there as well has failed, and what does not is named. tests/integration wants servers and proxies that a machine
// may not have: --integration runs it, and nothing else.

import process from "node:process";
import { findRuntime, isRuntimeName, type RuntimeName, RUNTIMES } from "../cli/process/runtimes.ts";
import { type FileOutcome, runFile } from "./runner/file_run.ts";
import { inLanes } from "./runner/lanes.ts";
import { lanesFor, testFiles } from "./runner/test_files.ts";

/** What a file may take: none takes half as long on a quiet machine, but with more than the usual FUZZ_RUNS. */
const LIMIT_S = 240;

/** Files that run side by side, on two cores. */
const LANES = 4;

interface Job {
  readonly runtime: RuntimeName;
  readonly executable: string;
  readonly file: string;
}

interface Tally {
  passed: number;
  failed: number;
  seconds: number;
}

const { runtimes, integration, limit, slowest, filters } = parseArguments(process.argv.slice(2));
const files = testFiles(integration, filters);
if (files.length === 0) {
  console.log(`no test file matches ${filters.join(" ")}`);
  process.exit(1);
}

const tallies = new Map<RuntimeName, Tally>(runtimes.map((name) => [name, { passed: 0, failed: 0, seconds: 0 }]));
const took: { readonly what: string; readonly seconds: number }[] = [];
/** Jobs with a test that did not pass. */
const failed: Job[] = [];
const lastFailures = new Map<Job, number>();
const jobs = runtimes.flatMap(jobsOf);
const most = integration ? 1 : LANES;
for (const lanes of [LANES, 2, 1]) {
  await inLanes(jobs.filter(({ file }) => lanesFor(file, most) === lanes), lanes, work);
}

const again = failed.splice(0);
await inLanes(again, 1, work);
const calmed = again.filter((job) => !failed.includes(job));
if (calmed.length > 0) {
  console.log(`passed only alone: ${calmed.map(({ runtime, file }) => `${runtime} ${file}`).join(", ")}`);
}
for (const job of failed) tallies.get(job.runtime)!.failed += lastFailures.get(job)!;

took.sort((a, b) => b.seconds - a.seconds);
for (const { what, seconds } of took.slice(0, slowest)) console.log(`${seconds.toFixed(1)} s  ${what}`);
const total = { passed: 0, failed: 0 };
for (const [name, { passed, failed, seconds }] of tallies) {
  console.log(`${name}: ${passed} passed, ${failed} failed, in files that took ${seconds.toFixed(0)} s together`);
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function jobsOf(runtime: RuntimeName): Job[] {
  const executable = findRuntime(runtime);
  if (executable !== undefined) return files.map((file) => ({ runtime, executable, file }));
  console.log(`${runtime} is not installed: npm ci installs it`);
  tallies.get(runtime)!.failed += 1;
  return [];
}

async function work(job: Job): Promise<void> {
  const { runtime, executable, file } = job;
  const outcome = await runFile(runtime, executable, file, limit * 1000);
  const tally = tallies.get(runtime)!;
  tally.seconds += outcome.seconds;
  took.push({ what: `${runtime} ${file}`, seconds: outcome.seconds });
  if (outcome.failures.length === 0) {
    tally.passed += outcome.passed;
    return;
  }
  console.log(failureLines(runtime, file, outcome));
  failed.push(job);
  lastFailures.set(job, outcome.failures.length);
}

function failureLines(runtime: RuntimeName, file: string, { failures, output }: FileOutcome): string {
  return [
    ...failures.map(({ test, why }) => `✖ ${runtime} ${file}\n  ${test}\n${why.replace(/^/gm, "    ")}`),
    `  all that it printed:\n${output.trimEnd().replace(/^/gm, "  | ")}`,
  ].join("\n");
}

function parseArguments(words: string[]) {
  let runtimes: RuntimeName[] = [...RUNTIMES];
  let integration = false;
  let limit = LIMIT_S;
  let slowest = 0;
  const filters: string[] = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "--runtimes") runtimes = (words[++i] ?? "").split(",").filter(isRuntimeName);
    else if (words[i] === "--integration") integration = true;
    else if (words[i] === "--limit") limit = Number(words[++i]);
    else if (words[i] === "--slowest") slowest = Number(words[++i]);
    else filters.push(words[i]!);
  }
  return { runtimes, integration, limit, slowest, filters };
}

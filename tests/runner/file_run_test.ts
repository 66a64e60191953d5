import assert from "node:assert/strict";
import test from "node:test";
import { currentRuntime, findRuntime } from "../../cli/process/runtimes.ts";
import { type FileOutcome, runFile } from "./file_run.ts";

/** Runs a fixture under the runtime that this very test runs under. */
function run(fixture: string, limitMs = 60_000): Promise<FileOutcome> {
  const runtime = currentRuntime();
  return runFile(runtime, findRuntime(runtime)!, `tests/runner/fixtures/${fixture}.ts`, limitMs);
}

test("test runner: a failed test is named with its reason, and a skipped one has not passed", async () => {
  const { passed, failures } = await run("mixed");
  assert.equal(passed, 1);
  assert.deepEqual(failures.map(({ test }) => test).sort(), ["fails <&> by name", "waits for better days"]);
});

test("test runner: a file that hangs ends at its limit, and says which file and what it said last", async () => {
  const started = performance.now();
  const { failures } = await run("hangs", 2500);
  assert.ok(performance.now() - started < 30_000);
  assert.equal(failures.length, 1);
  assert.match(failures[0]!.test, /hangs\.ts as a whole/);
  assert.match(failures[0]!.why, /not done within 2\.5 s; last it said:\n/);
});

test("test runner: a file without a test has failed", async () => {
  const { passed, failures } = await run("empty");
  assert.equal(passed, 0);
  assert.equal(failures.length, 1);
});

test("test runner: a file whose process dies has failed, whatever passed before", async () => {
  const { failures } = await run("dies");
  assert.ok(failures.length > 0);
});

test("test runner: an executable that is not there is a failure", async () => {
  const { failures } = await runFile("node", "/no/such/node", "tests/runner/fixtures/mixed.ts", 60_000);
  assert.match(failures[0]!.why, /ENOENT/);
});

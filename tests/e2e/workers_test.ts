// -w from the command line: whatever ends a run in one thread ends it in several, with the same exit code and report.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { currentRuntime, selfCommand } from "../../cli/process/runtimes.ts";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { Cli, inFolder, loadgen } from "../support/cli.ts";
import { Remote, SocketPath } from "../support/remote.ts";

function addsUp({ requests, series, workers }: Result): void {
  const { offered, completed, failed, inFlight, unsent } = requests;
  assert.equal(offered, completed + failed + inFlight + unsent);
  assert.equal(series.reduce((sum, line) => sum + line.offered, 0), offered);
  assert.equal(workers!.reduce((sum, worker) => sum + worker.offered, 0), offered);
}

test("workers: the plan says how many, and the report has a row for each", async () => {
  const plan = await loadgen(["-r", "100", "-w", "3", "--dry-run"]);
  assert.match(plan.stdout, /^100 rps in all, 10 s, up to ∞ connections, in 3 workers, bodies read/);
  const { code, stdout } = await loadgen(["-n", "301", "-c", "4", "-w", "2", "--no-tui"]);
  assert.equal(code, 0);
  assert.match(stdout, /^ +offered +301 +=/m);
  assert.match(stdout, /Workers\n.*offered +done +failed +p99 +lag p99 +loop p99 +CPU\n.*\n +1 +151 .*\n +2 +150 /);
});

test("workers: bodies held through the control socket are held in all of them, and Ctrl-C ends it with the report", async () => {
  using where = new SocketPath();
  const cli = new Cli(["-r", "200", "-d", "1h", "-w", "2", "--control", where.path, "--json"]);
  {
    using remote = await Remote.connect(where.path);
    assert.equal(await remote.tell("hold"), "ok: bodies held");
    await remote.untilOffered(await remote.offered() + 150);
  }
  cli.signal("SIGINT");
  const { code, stdout } = await cli.finished;
  assert.equal(code, 130);
  const result = parseResult(stdout, "stdout");
  addsUp(result);
  assert.equal(result.outcome, "interrupted");
  assert.ok(result.connections.readLoops["awaitingBodyRead"]! > 100, JSON.stringify(result.connections));
  assert.ok(result.workers!.every(({ completed }) => completed > 50), JSON.stringify(result.workers));
});

test("workers: a threshold that aborts ends all of them, exit code 99", async () => {
  const { code, stdout } = await loadgen(["-r", "50", "-d", "50s", "-w", "2", "--abort-if", "max > 1us", "--json"]);
  assert.equal(code, 99);
  const result = parseResult(stdout, "stdout");
  addsUp(result);
  assert.match(result.outcomeReason, /^max > 1us came true/);
});

test("workers: a run that is killed leaves its journal, the workers in it", () =>
  inFolder(async (folder) => {
    const json = join(folder, "run.json");
    const cli = new Cli(["-r", "100", "-d", "1h", "-w", "2", "-o", json, "--json"]);
    const seconds = () =>
      existsSync(`${json}.journal`) ? readFileSync(`${json}.journal`, "utf8").split("\n").length - 2 : 0;
    const deadline = performance.now() + 30_000;
    while (seconds() < 2 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    cli.signal("SIGKILL");
    await cli.finished;
    const { code, stdout } = await loadgen(["report", `${json}.journal`, "--json"]);
    assert.equal(code, 0);
    const result = parseResult(stdout, "stdout");
    addsUp(result);
    assert.match(result.outcomeReason, /^the run was killed/);
    assert.ok(result.requests.offered >= 200);
    assert.equal(result.latencyUs.response.count, result.requests.completed);
  }));

test("workers: the limit of open files is the process's, and all of them together stop at it", async () => {
  const words = ["--no-close", "--rps", "400", "-d", "10s", "-w", "2", "--json"];
  const self = selfCommand(currentRuntime(), process.execPath, words);
  const child = spawn("sh", ["-c", 'ulimit -n 256; exec "$@"', "sh", ...self], { stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.on("data", (bytes) => stdout += bytes);
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 3);
  const result = parseResult(stdout, "stdout");
  addsUp(result);
  assert.match(result.outcomeReason, /limit of open files \(256\) is reached with \d+ connections/);
  assert.deepEqual(result.requests.byError, {});
  assert.ok(result.connections.live.end < 256);
});

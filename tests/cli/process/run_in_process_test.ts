// A plan in a process of its own, under the runtime that runs the test.

import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { runInProcess } from "../../../cli/process/run_in_process.ts";
import { currentRuntime } from "../../../cli/process/runtimes.ts";
import { runtimeInfo } from "../../../lib/record/runtime_info.ts";
import type { Result } from "../../../lib/result/result.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { ok, ScriptedServer } from "../../support/scripted_server.ts";

async function resultOf(...args: Parameters<typeof runInProcess>): Promise<Result> {
  const outcome = await runInProcess(...args);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.result;
}

test("run in process: the result is that process's, its observers are here", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const plan = resolve({
    request: { url: server.url, headers: { "x-secret": "${SECRET}", "x-row": "{{row}}" } },
    feeders: [{ file: "rows.csv" }],
    load: { rps: 50, duration: "1200ms", grace: "300ms" },
  });
  const seconds: number[] = [];
  let ticks = 0;
  const result = await resultOf(currentRuntime(), plan, {
    environment: { SECRET: "hunter2" },
    feeds: [{ columns: ["row"], rows: Array.from({ length: 100 }, (_, row) => [`r${row}`]) }],
    observers: [{ tick: () => void ticks++, second: ({ line }) => void seconds.push(line.offered) }],
  });
  assert.deepEqual([result.outcome, result.requests.completed], ["completed", 60]);
  assert.deepEqual(seconds, [50, 10]);
  assert.ok(ticks >= 6, `${ticks} ticks`);
  assert.deepEqual({ ...runtimeInfo(), socket: result.runtime.socket }, result.runtime);
  const { rssBytes, heapBytes } = result.memory;
  assert.ok(rssBytes.start > 10_000_000 && rssBytes.peak >= rssBytes.end && heapBytes.start > 0);
  assert.ok(result.generator.cpuUsPerRequest > 0);
  assert.match(server.heads[0]!, /x-secret: hunter2\r\n/i, "what the plan names comes with it");
  assert.match(server.heads[0]!, /x-row: r\d/i);
});

test("run in process: a threshold of the plan ends it, workers of the plan are there", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const plan = resolve({
    request: { url: server.url },
    load: { rps: 50, duration: "60s", workers: 2 },
    thresholds: [{ expression: "max < 1us", abort: true }],
  });
  const { outcome, outcomeReason, workers, thresholds } = await resultOf(currentRuntime(), plan, {});
  assert.deepEqual([outcome, thresholds[0]!.failed, workers?.length], ["stopped", true, 2]);
  assert.match(outcomeReason, /^max < 1us did not hold: /);
});

test("run in process: an interrupt ends it with what there is", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const plan = resolve({ request: { url: server.url }, load: { rps: 50, duration: "60s" } });
  const stop = new AbortController();
  const tick = ({ completed }: { readonly completed: number }) => completed > 10 && stop.abort();
  const result = await resultOf(currentRuntime(), plan, { signal: stop.signal, observers: [{ tick }] });
  assert.equal(result.outcome, "interrupted");
  assert.ok(result.requests.completed > 10);
});

test("run in process: what cannot be opened, or found, is the outcome's problem", async () => {
  const plan = resolve({ request: { url: "http://127.0.0.1/", body: "{{none}}" }, load: { requests: 1 } });
  const outcome = await runInProcess(currentRuntime(), plan, {});
  assert.match(outcome.ok ? "" : outcome.problem, /^request\.body: /);
  const other = currentRuntime() === "bun" ? "deno" : "bun";
  const variable = `LOADGEN_${other.toUpperCase()}`;
  const before = process.env[variable];
  process.env[variable] = "/nowhere/at-all";
  try {
    const missing = await runInProcess(other, plan, {});
    assert.equal(missing.ok ? "" : missing.problem, "/nowhere/at-all was not found");
  } finally {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  }
});

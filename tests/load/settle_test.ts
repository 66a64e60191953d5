// Runs that settle: what goes on after the load, and what is told of it.

import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import process from "node:process";
import test from "node:test";
import type { Measurement } from "../../lib/load/measurement.ts";
import { runLoad, type RunOptions } from "../../lib/load/run.ts";
import { renderTerminal } from "../../lib/report/terminal.ts";
import { resultSchema } from "../../lib/result/result.ts";
import { summarize } from "../../lib/result/summary.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";
import type { Answers } from "../support/simulated_engine.ts";
import { simulateRun } from "../support/simulated_run.ts";

type Load = NonNullable<Scenario["load"]>;

function planFor(load: Load, more: Scenario = {}) {
  return resolve({ request: { url: "http://127.0.0.1/", ...more.request }, ...more, load }, "t");
}

/** Ten requests in a second, a grace of 100 ms, and 10 s to settle. */
async function simulate(answers: Answers, request: Scenario["request"] = {}): Promise<Measurement> {
  const load = { rps: 10, duration: "1s", grace: "100ms", settle: "10s" };
  const plan = planFor(load, { request: { url: "http://127.0.0.1/", ...request } });
  return await simulateRun(plan, answers);
}

test("settle: late answers come, and change no figure of the run", async () => {
  const { settled, requests, latency, census, durationMs } = await simulate({ latencyMs: 3000 });
  assert.deepEqual([requests.offered, requests.completed, requests.inFlight, durationMs], [10, 0, 10, 1000]);
  assert.deepEqual([latency.response.totalCount, latency.censored.totalCount, census.inUse], [0, 10, 10]);
  assert.ok(latency.censored.maxValue < 1_200_000, "as old as they were when the grace was over");
  assert.deepEqual([settled!.durationMs, settled!.census.inUse, settled!.census.idle], [10_000, 0, 10]);
});

test("settle: what the server never answers stays open, until its own time limit", async () => {
  const never = await simulate({ latencyMs: Infinity }, { timeout: "0" });
  assert.deepEqual([never.settled!.census.inUse, never.requests.inFlight], [10, 10]);
  const limited = await simulate({ latencyMs: Infinity }, { timeout: "5s" });
  assert.deepEqual([limited.settled!.census.inUse, limited.requests.inFlight, limited.requests.failed], [0, 10, 0]);
  const late = await simulate({ latencyMs: Infinity }, { timeout: "20s" });
  assert.equal(late.settled!.census.inUse, 10, "its time is not over yet");
});

test("settle: nothing is sent any more, what waited for a connection is called off", async () => {
  const { settled, requests } = await simulate({ latencyMs: 600, connections: 1 });
  assert.deepEqual([requests.completed, requests.inFlight, requests.unsent], [1, 1, 8]);
  const { census: { waiting, idle, inUse, totals } } = settled!;
  assert.deepEqual([waiting, idle, inUse, totals.dialed + totals.reused], [0, 1, 0, 2]);
});

test("settle: a body that is held stays held", async () => {
  const { settled } = await simulate({}, { bodyPolicy: "hold" });
  assert.deepEqual([settled!.census.inUse, settled!.census.heldBodies, settled!.heldByRequest], [10, 10, [10]]);
});

test("settle: the verdict is made then: a body that comes late and is held is a leak", async () => {
  const load = { rps: 10, duration: "1s", grace: "100ms", settle: "10s" };
  const plan = planFor(load, { request: { url: "http://127.0.0.1/", bodyPolicy: "hold" } });
  const late = await simulateRun(plan, { latencyMs: 3000 });
  assert.equal(late.census.heldBodies, 0);
  const { leak, settle } = summarize(plan, late);
  assert.deepEqual([leak.heldBodies, leak.byRequest.map(({ held }) => held), settle!.heldBodies], [10, [10], 10]);
});

test("settle: without it, nothing is told", async () => {
  const run = await simulateRun(planFor({ rps: 10, duration: "1s" }));
  assert.equal(run.settled, undefined);
  assert.equal("settle" in summarize(planFor({ rps: 10, duration: "1s" }), run), false);
});

test("settle: a loop that is closed settles as well, and so does a run that is stopped", async () => {
  const load = { connections: 3, duration: "1s", settle: "2s" };
  const closed = await simulateRun(planFor(load), { latencyMs: 100 });
  assert.deepEqual([closed.settled!.durationMs, closed.settled!.census.idle], [2000, 3]);
  const thresholds = [{ expression: "max < 50ms", abort: true }];
  const stopped = await simulateRun(planFor({ ...load, duration: "9s" }, { thresholds }), { latencyMs: 100 });
  assert.deepEqual([stopped.outcome, stopped.settled!.census.idle], ["stopped", 3]);
});

async function measure(server: ScriptedServer, load: Load, more: Scenario = {}, options: RunOptions = {}) {
  const plan = planFor(load, { ...more, request: { url: server.url, ...more.request } });
  const run = await runLoad(plan, options);
  return resultSchema.parse(summarize(plan, run));
}

for (const workers of [1, 2]) {
  test(`settle: a slow server's answers arrive, in ${workers} threads`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => void setTimeout(() => socket.write(ok("x")), 700));
    const load = { rps: 50, requests: 20, grace: "0", settle: "1500ms", workers };
    const { settle, requests, connections, memory, outcome } = await measure(server, load);
    assert.deepEqual([outcome, requests.completed + requests.inFlight], ["completed", 20]);
    assert.ok(requests.inFlight > 10, `${requests.inFlight} in flight`);
    const { live, inUse, idle, heldBodies, durationMs, rssBytes, heapBytes, externalBytes, otherBytes } = settle!;
    assert.deepEqual([live, inUse, idle, heldBodies], [20, 0, 20, 0]);
    assert.ok(durationMs >= 1500);
    assert.equal(heapBytes + externalBytes + otherBytes!, rssBytes);
    assert.ok(memory.descriptors === undefined || settle!.descriptors! >= 20);
    if (process.platform !== "linux") return;
    const { start, end, settled } = connections.sockets!;
    assert.deepEqual(start, { kernel: 0, live: 0, dialing: 0 });
    assert.deepEqual([end.kernel, settled!.kernel], [end.live! + end.dialing!, 20]);
    assert.equal(settled!.live, 20);
  });
}

test("settle: idle connections are closed when their time is over", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const load = { connections: 4, requests: 20, settle: "900ms" };
  const { settle, connections } = await measure(server, load, { transport: { idleConnTimeout: "300ms" } });
  assert.deepEqual([settle!.live, connections.live.end > 0], [0, true]);
  if (process.platform === "linux") assert.equal(connections.sockets!.settled!.kernel, 0);
});

test("settle: sockets of others to another place do not count, and of a fetch the kernel alone tells", async () => {
  await using other = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(100_000))));
  const held = await fetch(other.url);
  const load = { client: "fetch", connections: 2, requests: 6, settle: "100ms" } as const;
  const { connections: { sockets } } = await measure(server, load);
  await held.text();
  if (process.platform !== "linux") return;
  assert.equal(sockets!.start.kernel, 0);
  assert.ok(sockets!.end.kernel >= 1 && sockets!.end.kernel <= server.dials, `${sockets!.end.kernel}`);
  assert.equal(sockets!.end.live, undefined);
});

for (const workers of [1, 2]) {
  test(`settle: an interrupt ends the wait, and one before it spares it, in ${workers} threads`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
    const abort = new AbortController();
    const asides: (string | undefined)[] = [];
    const observers = [{ tick: ({ aside }: { aside?: string | undefined }) => void asides.push(aside) }];
    const settling = measure(server, { rps: 50, requests: 5, settle: "60s", workers }, {}, {
      signal: abort.signal,
      observers,
    });
    await until(() => asides.includes("settling"), "it settles");
    abort.abort();
    const { outcome, settle } = await settling;
    assert.equal(outcome, "completed");
    assert.ok(settle!.durationMs < 30_000);
    const early = new AbortController();
    const running = measure(server, { rps: 50, duration: "60s", settle: "60s", workers }, {}, { signal: early.signal });
    await until(() => server.heads.length > 8, "it runs");
    early.abort();
    const interrupted = await running;
    assert.deepEqual([interrupted.outcome, interrupted.settle], ["interrupted", undefined]);
  });
}

test("settle: sockets that the pool does not know are said", { skip: process.platform !== "linux" }, async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const strangers: Socket[] = [];
  const { port } = new URL(server.url);
  const begin = () => void strangers.push(...Array.from({ length: 3 }, () => connect(Number(port), "127.0.0.1")));
  const load = { rps: 50, duration: "300ms", settle: "100ms" };
  const result = await measure(server, load, {}, { observers: [{ begin }] });
  for (const socket of strangers) socket.destroy();
  const { end, settled } = result.connections.sockets!;
  assert.deepEqual([end.kernel - end.live!, settled!.kernel - settled!.live!], [3, 3]);
  const report = renderTerminal(result, { columns: 100, color: false });
  assert.match(report, /At the end the kernel counts 3 sockets that the pool does not know\./);
});

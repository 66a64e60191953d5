// Runs in several worker threads: together they are the plan, request for request, and their results add up.

import assert from "node:assert/strict";
import test from "node:test";
import type { Measurement } from "../../../lib/load/measurement.ts";
import { runLoad, type RunOptions } from "../../../lib/load/run.ts";
import type { RunControl } from "../../../lib/load/run_control.ts";
import { scheduleOf } from "../../../lib/load/schedule/schedule_of.ts";
import { parseResult, resultToJson } from "../../../lib/result/json.ts";
import type { Result } from "../../../lib/result/result.ts";
import { summarize } from "../../../lib/result/summary.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { UsageError } from "../../../lib/scenario/usage_error.ts";
import { TransportError } from "../../../lib/transport/transport_error.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";

type Load = NonNullable<Scenario["load"]>;

async function run(scenario: Scenario, options: RunOptions = {}): Promise<{ run: Measurement; result: Result }> {
  const plan = resolve({ ...scenario, load: { grace: "30s", ...scenario.load } }, "test");
  const run = await runLoad(plan, options);
  const result = parseResult(resultToJson(summarize(plan, run)), "result");
  addsUp(result);
  return { run, result };
}

/** Whatever became of the run. */
function addsUp({ requests, latencyUs, series, workers, byRequest }: Result): void {
  const { offered, completed, failed, inFlight, unsent } = requests;
  assert.equal(offered, completed + failed + inFlight + unsent, "every request is accounted for");
  assert.equal(latencyUs.response.count, offered, "each has a response time, if only as old as it is");
  for (const field of ["offered", "completed", "failed"] as const) {
    const sum = (parts: readonly Record<typeof field, number>[]) => parts.reduce((all, part) => all + part[field], 0);
    assert.equal(sum(series), requests[field], `${field} in the series`);
    assert.equal(sum(workers ?? [requests]), requests[field], `${field} of the workers`);
    assert.equal(sum(byRequest ?? [requests]), requests[field], `${field} by request`);
  }
}

const pathOf = (head: string): string => head.split(" ")[1]!;

const FEEDS = [
  { columns: ["row"], rows: Array.from({ length: 10 }, (_, row) => [`r${row}`]) },
  { columns: ["any"], rows: Array.from({ length: 5 }, (_, row) => [`a${row}`]) },
];

test("workers: 2, 3 and 7 of them send what one thread sends, request for request", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const sent = async (workers: number) => {
    server.heads.length = 0;
    const { result } = await run({
      baseUrl: server.url,
      requests: [
        { name: "a", url: "/a/{{index}}/{{row}}/{{any}}/{{randomInt 1 1000}}", weight: 3 },
        { name: "b", url: "/b/{{index}}/{{row}}/{{any}}" },
      ],
      feeders: [{ file: "rows.csv" }, { file: "any.csv", mode: "random" }],
      load: { rps: 400, requests: 101, arrivals: "poisson", workers },
    }, { feeds: FEEDS });
    assert.equal(result.requests.completed, 101);
    assert.equal(result.workers?.length, workers === 1 ? undefined : workers);
    return server.heads.map(pathOf).sort();
  };
  const alone = await sent(1);
  assert.equal(new Set(alone).size, 101);
  for (const workers of [2, 3, 7]) assert.deepEqual(await sent(workers), alone);
});

test("workers: a closed loop's requests, connections and rows are dealt out, to the last of them", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { result } = await run({
    baseUrl: server.url,
    requests: [{ name: "only", url: "/{{index}}" }],
    load: { connections: 5, requests: 23, workers: 3 },
  });
  assert.deepEqual(server.heads.map((head) => Number(pathOf(head).slice(1))).sort((a, b) => a - b), [
    ...Array(23).keys(),
  ]);
  assert.deepEqual(result.workers!.map(({ completed }) => completed), [8, 8, 7]);
  assert.equal(server.dials, 5);
  assert.equal(result.connections.dialed, 5);

  server.heads.length = 0;
  const rows = await run({
    baseUrl: server.url,
    requests: [{ name: "only", url: "/{{row}}" }],
    feeders: [{ file: "rows.csv", mode: "sequential" }],
    load: { connections: 4, duration: "60s", workers: 2 },
  }, { feeds: [FEEDS[0]!] });
  assert.equal(rows.result.outcome, "completed");
  assert.deepEqual(server.heads.map(pathOf).sort(), FEEDS[0]!.rows.map(([row]) => `/${row}`).sort());
});

test("workers: what they count merges to the unit, in each second as in all", async () => {
  await using server = await ScriptedServer.start(({ head, socket }) => {
    if (pathOf(head) === "/gone") socket.destroy();
    else socket.write(pathOf(head) === "/ok" ? ok("x") : "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
  });
  const load: Load = { stages: [{ duration: "1200ms", rps: 250 }, { duration: "1s", rps: 50 }], workers: 3 };
  const { result } = await run({
    baseUrl: server.url,
    requests: [
      { name: "ok", url: "/ok", weight: 6 },
      { name: "none", url: "/none", weight: 3 },
      { name: "gone", url: "/gone", method: "POST" },
    ],
    load,
  });
  const schedule = scheduleOf(resolve({ load }).load)!;
  assert.equal(result.requests.offered, schedule.count);
  assert.deepEqual(
    result.series.map(({ offered }) => offered),
    [1000, 2000, 2200].map((ms, at) => schedule.dueBefore(ms) - schedule.dueBefore(at * 1000)),
  );
  const seen = (path: string) => server.heads.filter((head) => pathOf(head) === path).length;
  assert.deepEqual(result.requests.byStatus, { 200: seen("/ok"), 404: seen("/none") });
  assert.equal(result.requests.failed, seen("/gone") + seen("/none"));
  assert.equal(result.requests.byError["expect/status 404"], seen("/none"));
  const errors = Object.values(result.requests.byError).reduce((all, count) => all + count, 0);
  assert.equal(errors, result.requests.failed);
  assert.deepEqual(result.byRequest!.map(({ response }) => response.count), ["/ok", "/none", "/gone"].map(seen));
  assert.equal(result.connections.dialed, server.dials);
  assert.equal(result.leak.verdict, "clean");
});

test("workers: the bodies that each of them holds add up, by request and in each second", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { result } = await run({
    baseUrl: server.url,
    flow: "sequence",
    requests: [{ name: "read", url: "/read" }, { name: "held", url: "/held", bodyPolicy: "hold" }],
    load: { rps: 90, duration: "2s", workers: 3 },
  });
  const held = server.heads.filter((head) => pathOf(head) === "/held").length;
  assert.ok(held > 80, `${held} held`);
  assert.equal(result.leak.heldBodies, held);
  assert.deepEqual(result.leak.byRequest, [{ name: "held", held }]);
  assert.deepEqual(result.byRequest!.map((request) => request.held), [0, held]);
  const [first, last] = result.series;
  assert.ok(first!.heldBodies > 30 && first!.heldBodies < last!.heldBodies, JSON.stringify(result.series));
});

test("workers: bodies are held, the rate changed, the load paused and ended in all of them", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(64))));
  let control: RunControl | undefined;
  let held = 0;
  const done = run(
    { request: { url: server.url }, load: { rps: 100, duration: "60s", workers: 3 } },
    { onControl: (given) => control = given, observers: [{ tick: ({ heldBodies }) => held = heldBodies }] },
  );
  await until(() => server.heads.length > 30, "it runs");
  const before = server.dials;
  assert.equal(control!.apply({ kind: "hold" }), "bodies held");
  assert.ok(control!.holding);
  await until(() => server.dials > before + 30, "each request takes a connection");
  await until(() => held > 20, "they are told as it goes");
  control!.apply({ kind: "close" });
  assert.equal(control!.apply({ kind: "rate", rps: 300 }), "rate 300/s");
  assert.equal(control!.apply({ kind: "scale", factor: 2 }), "rate 600/s");
  const at = server.heads.length;
  await until(() => server.heads.length > at + 300, "it is faster");
  control!.apply({ kind: "pause" });
  const status = () => control!.apply({ kind: "status" });
  await until(() => status().includes(`; ${server.heads.length} offered`), "what was due is sent");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const paused = server.heads.length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(server.heads.length, paused);
  assert.match(status(), new RegExp(`^rate 600/s; paused; bodies not held; ${paused} offered`));
  control!.apply({ kind: "resume" });
  await until(() => server.heads.length > paused, "it goes on");
  control!.apply({ kind: "quit" });
  const { result } = await done;
  assert.deepEqual([result.outcome, result.outcomeReason], ["stopped", "it was told to quit"]);
  assert.equal(result.requests.offered, server.heads.length);
  assert.ok(result.leak.heldBodies > 20 && result.leak.heldBodies < paused, "those held before it was told to close");
  assert.equal(result.leak.byRequest[0]!.held, result.leak.heldBodies);
  const changes = result.series.flatMap((line) => line.changes ?? []);
  assert.deepEqual(changes, ["bodies held", "bodies read", "rate 300/s", "rate 600/s", "paused", "resumed"]);
});

test("workers: what comes before and after is counted apart, and an interrupt ends any of it", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const load: Load = { rps: 200, duration: "300ms", warmup: "100ms", cooldown: "100ms", settle: "100ms", workers: 2 };
  const { result } = await run({ request: { url: server.url }, load });
  assert.equal(result.settle!.live, result.settle!.idle, "nothing is under way");
  assert.deepEqual([result.warmup, result.requests.offered, result.cooldown], [{ offered: 20 }, 60, { offered: 20 }]);
  const seen = server.heads.length; // what cools down is not awaited at its end
  assert.ok(seen >= 80 && seen <= 100, `${seen} were sent`);
  for (const endless of [{ duration: "60s" }, { warmup: "60s" }, { cooldown: "60s" }]) {
    server.heads.length = 0;
    const abort = new AbortController();
    const plan = { request: { url: server.url }, load: { ...load, ...endless } };
    const done = run(plan, { signal: abort.signal });
    await until(() => server.heads.length > 90, "it runs");
    abort.abort();
    const { outcome, settle } = (await done).result;
    assert.deepEqual([outcome, settle], ["cooldown" in endless ? "completed" : "interrupted", undefined]);
  }
});

test("workers: a broken rule ends the run with what all of them measured so far", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { run: { stoppedBy }, result } = await run({
    request: { url: server.url },
    load: { rps: 100, duration: "60s", connections: 2, workers: 2 },
    thresholds: [{ expression: "connections.dialed < 2", abort: true }], // each has one
  });
  assert.deepEqual([stoppedBy, result.outcome], ["connections.dialed < 2", "stopped"]);
  assert.match(result.outcomeReason, /^connections\.dialed < 2 did not hold: it was 2 after 1/);
});

test("workers: one that dies ends the run, whose report names it and has what it told", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const rows = Array.from({ length: 300 }, (_, row) => row === 151 ? null as never : [`r${row}`]);
  const { result } = await run({
    request: { url: server.url, method: "POST", body: "{{row}}" },
    feeders: [{ file: "rows.csv" }],
    load: { rps: 100, duration: "60s", workers: 2 },
  }, { feeds: [{ columns: ["row"], rows }] });
  assert.equal(result.outcome, "stopped");
  assert.match(result.outcomeReason, /^worker 2 of 2 died: .*null/);
  assert.equal(result.workers![1]!.offered, 50, "its second second is lost");
  assert.ok(result.workers![0]!.offered >= 75, "the other's is not");
});

test("workers: what cannot be sent is the same error as without them", async () => {
  const load = { requests: 4, workers: 2 };
  const template = resolve({ request: { url: "http://127.0.0.1/", body: "{{none}}" }, load });
  await assert.rejects(runLoad(template), (error) => error instanceof UsageError && error.field === "request.body");
  const header = resolve({ request: { url: "http://127.0.0.1/", headers: { "x-a": "${A}" } }, load });
  await assert.rejects(
    runLoad(header, { environment: { A: "a\nb" } }),
    (error) => error instanceof UsageError || (error instanceof TransportError && error.code === "badHeaders"),
  );
});

import assert from "node:assert/strict";
import test from "node:test";
import type { Measurement } from "../../lib/load/measurement.ts";
import type { Progress } from "../../lib/load/progress.ts";
import { runLoad } from "../../lib/load/run.ts";
import { scheduleOf } from "../../lib/load/schedule/schedule_of.ts";
import { resultSchema } from "../../lib/result/result.ts";
import { summarize } from "../../lib/result/summary.ts";
import type { BodyPolicy, Plan } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { parseThreshold } from "../../lib/scenario/value/threshold.ts";
import type { FakeClock } from "../support/fake_clock.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";
import type { Answers } from "../support/simulated_engine.ts";
import { simulateRun } from "../support/simulated_run.ts";

/** A server that takes requests and says nothing. */
const NEVER: Answers = { latencyMs: Infinity };

const RULE = { field: "thresholds[0]", kind: "mustHold", abort: true } as const;

interface Wish {
  readonly rps?: number;
  readonly duration?: string;
  readonly requests?: number;
  readonly connections?: number;
  readonly bodyPolicy?: BodyPolicy;
  readonly timeout?: string;
  readonly maxConnsPerHost?: number;
  readonly stages?: { duration: string; rps: number }[];
  readonly arrivals?: "constant" | "poisson";
  readonly thinkTime?: string;
  readonly grace?: string;
  readonly timestampsMs?: number[];
}

function planFor(url: string, wish: Wish): Plan {
  const { bodyPolicy = "read", timeout = "5s", maxConnsPerHost, timestampsMs, ...load } = wish;
  const timestamps = timestampsMs === undefined ? {} : { timestamps: "times.txt" };
  return resolve({
    request: { url, bodyPolicy, timeout },
    load: { grace: "200ms", ...timestamps, ...load },
    transport: maxConnsPerHost === undefined ? {} : { maxConnsPerHost },
  }, "test");
}

async function measure(server: ScriptedServer, wish: Wish) {
  const plan = planFor(server.url, wish);
  return checked(plan, await runLoad(plan, { timestampsMs: wish.timestampsMs }));
}

/** The same where neither sockets nor a server matter: in simulated time. */
async function simulate(wish: Wish, answers: Answers = {}) {
  const plan = planFor("http://127.0.0.1/", wish);
  return checked(plan, await simulateRun(plan, answers, { timestampsMs: wish.timestampsMs }));
}

function checked(plan: Plan, measured: Measurement) {
  const result = resultSchema.parse(summarize(plan, measured));
  const { offered, completed, failed, inFlight, unsent } = result.requests;
  assert.equal(offered, completed + failed + inFlight + unsent, "every request is accounted for");
  const inSeries = (field: "offered" | "completed" | "failed") =>
    result.series.reduce((sum, line) => sum + line[field], 0);
  assert.equal(inSeries("offered"), offered, "the series tells of each request offered");
  assert.equal(inSeries("completed"), completed);
  assert.equal(inSeries("failed"), failed);
  assert.equal(result.latencyUs.response.count, offered, "no request is left out of the response clock");
  assert.equal(result.requests.censored, inFlight + unsent);
  return result;
}

test("load: a constant rate offers exactly what it says, over one connection or few", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const result = await measure(server, { rps: 200, duration: "1500ms" });
  assert.equal(result.requests.offered, 300);
  assert.deepEqual(result.requests.byStatus, { 200: 300 });
  assert.equal(result.durationMs, 1500);
  assert.equal(result.connections.dialed, server.dials);
  assert.equal(result.leak.verdict, "clean");
  assert.deepEqual(result.series.map(({ offered }) => offered).slice(0, 2), [200, 100]);
});

test("load: stages offer the area under their rate, second by second", async () => {
  const stages = [{ duration: "1s", rps: 100 }, { duration: "0", rps: 200 }, { duration: "500ms", rps: 200 }];
  const result = await simulate({ stages });
  assert.equal(result.requests.completed, 150);
  assert.equal(result.durationMs, 1500);
  assert.equal(result.rps.target, 100);
  assert.deepEqual(result.series.map(({ offered }) => offered).slice(0, 2), [50, 100]);
});

test("load: Poisson arrivals are those of their schedule, each sent when it is due", async () => {
  const wish = { rps: 150, duration: "1s", arrivals: "poisson" } as const;
  const schedule = scheduleOf(planFor("http://127.0.0.1/", wish).load)!;
  const result = await simulate(wish);
  assert.equal(result.requests.completed, schedule.count);
  assert.notEqual(schedule.count, 150);
  assert.equal(result.rps.target, 150);
});

test("load: a replay sends one request for each timestamp, and ends with the last", async () => {
  const result = await simulate({ timestampsMs: [0, 5, 5, 5, 300, 1200] });
  assert.equal(result.requests.completed, 6);
  assert.equal(result.durationMs, 1200);
  assert.equal(result.rps.target, 5);
  assert.deepEqual(result.series.map(({ offered }) => offered), [5, 1]);
});

test("load: a sender thinks between its requests", async () => {
  const result = await simulate({ connections: 2, requests: 7, thinkTime: "50ms" });
  assert.equal(result.requests.completed, 7);
  assert.ok(result.durationMs >= 150, `${result.durationMs} ms`); // one of the two sends four
});

test("load: a run does not wait for a sender that thinks", async () => {
  const result = await simulate({ connections: 2, duration: "300ms", thinkTime: "1h" });
  assert.equal(result.requests.completed, 2);
});

test("load: a plan that names timestamps does not run without them", async () => {
  await assert.rejects(runLoad(planFor("http://127.0.0.1/", { timestampsMs: [] })), /timestamps/);
});

test("load: bodies never closed leak one connection per request, and the verdict says why", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(500))));
  const result = await measure(server, { rps: 150, duration: "1500ms", bodyPolicy: "hold" });
  assert.equal(result.requests.completed, 225);
  assert.equal(result.connections.live.end, 225);
  assert.deepEqual(result.connections.readLoops, { awaitingBodyRead: 225 });
  assert.equal(result.leak.verdict, "leaking");
  assert.ok(Math.abs(result.leak.connectionsPerRequest!.slope - 1) < 0.02);
  assert.match(result.leak.reason, /awaitingBodyRead/);
});

test("load: held bodies under a limit of connections leave the rest waiting, and the report says so", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const result = await measure(server, { rps: 100, duration: "1s", bodyPolicy: "hold", maxConnsPerHost: 10 });
  assert.equal(result.requests.completed, 10);
  assert.equal(result.requests.unsent, 90);
  assert.equal(result.connections.live.end, 10);
  assert.equal(result.connections.waiting.end, 90);
  assert.equal(result.leak.verdict, "leaking");
  assert.match(result.leak.reason, /90 requests wait/);
});

test("load: bodies closed unread are drained, and leak nothing", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(1000))));
  const result = await measure(server, { rps: 100, duration: "1s", bodyPolicy: "close" });
  assert.equal(result.requests.completed, 100);
  assert.notEqual(result.leak.verdict, "leaking");
  assert.equal(result.connections.readLoops["awaitingBodyRead"], undefined);
});

for (const bodyPolicy of ["read", "close", "hold"] as const) {
  test(`load: a closed loop ends at its count of requests, bodies: ${bodyPolicy}`, async () => {
    await using server = await ScriptedServer.start(({ socket, index }) =>
      socket.write(index % 2 === 0 ? ok("some bytes") : "HTTP/1.1 204 No Content\r\n\r\n")
    );
    const result = await measure(server, { requests: 200, connections: 8, bodyPolicy });
    assert.equal(result.requests.completed, 200);
    assert.equal(result.rps.target, null);
  });
}

test("load: a server that never answers makes timeouts, counted as latency and by code", async () => {
  const result = await simulate({ rps: 50, duration: "500ms", timeout: "100ms", grace: "5s" }, NEVER);
  assert.deepEqual(result.requests.byError, { "head/timeout": 25 });
  assert.ok(result.latencyUs.response.min >= 99_000);
  const { count, min } = result.latencyUs.byError["head/timeout"]!;
  assert.equal(count, 25);
  assert.ok(min >= 99_000, "errors are kept apart with their response times");
  assert.deepEqual(result.latencyUs.response.lowerBounds, []);
});

test("load: a request without an answer at the end is in flight, not lost", async () => {
  const result = await simulate({ rps: 20, duration: "300ms" }, NEVER);
  assert.equal(result.requests.inFlight, 6);
  assert.equal(result.requests.censored, 6);
  const { response, censored } = result.latencyUs;
  assert.equal(censored.count, 6);
  assert.ok(response.min >= 200_000, "each was as old as the grace at least");
  assert.equal(response.hdr, censored.hdr);
  assert.deepEqual(response.lowerBounds, ["mean", "min", "p50", "p75", "p90", "p99", "p999", "p9999", "max"]);
});

test("load: the wait for a connection stands apart from the generator's own lateness", async () => {
  const result = await simulate({ rps: 100, duration: "500ms" }, { latencyMs: 50, connections: 1 });
  const { lag, dispatch, wait } = result.latencyUs;
  assert.equal(wait.count, lag.count);
  assert.equal(dispatch.count, 50);
  assert.ok(lag.max >= wait.max, "the wait is a part of the lag");
  assert.ok(wait.max >= 200_000, `${wait.max} µs: each waits for those before it`);
  assert.ok(result.series.some((line) => line.waitP99Us > 0));
});

test("load: a rule that no run can keep ends it after its first second", async () => {
  const plan = planFor("http://127.0.0.1/", { rps: 50, duration: "60s" });
  const held = { ...plan, thresholds: [parseThreshold("max < 1us", RULE)] };
  const result = summarize(held, await simulateRun(held));
  assert.deepEqual([result.outcome, result.thresholds[0]!.failed], ["stopped", true]);
  assert.match(result.outcomeReason, /^max < 1us did not hold: it was .* after \d/);
  assert.ok(result.durationMs >= 1000 && result.durationMs < 30_000);
});

test("load: an interrupted run reports what it has", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const stop = new AbortController();
  const tick = ({ offered }: Progress) => offered > 5 && stop.abort();
  const plan = planFor(server.url, { rps: 100, duration: "60s" });
  const result = summarize(plan, await runLoad(plan, { signal: stop.signal, observers: [{ tick }] }));
  assert.equal(result.outcome, "interrupted");
  assert.ok(result.requests.offered > 5 && result.requests.offered < 300);
});

test("load: latency counts from the instant a request was due, not from when a late generator sent it", async () => {
  let stoodStill = false;
  const observe = (clock: FakeClock) => ({
    tick({ offered }: Progress): void {
      if (stoodStill || offered === 0) return;
      stoodStill = true;
      clock.lag(400); // the generator's own thread stands still
    },
  });
  const plan = planFor("http://127.0.0.1/", { rps: 100, duration: "1s" });
  const result = summarize(plan, await simulateRun(plan, {}, {}, observe));
  assert.equal(result.requests.completed, 100);
  assert.ok(result.latencyUs.response.max >= 350_000, `${result.latencyUs.response.max} µs`);
  assert.ok(result.latencyUs.lag.max >= 350_000);
});

test("load: a plan that names PEM files does not run without what is in them", async () => {
  for (const tls of [{ cacert: "ca.pem" }, { cert: "me.pem", key: "me.key" }]) {
    const plan = resolve({ request: { url: "https://127.0.0.1/" }, load: { requests: 1 }, tls });
    await assert.rejects(runLoad(plan), /names PEM files/);
  }
});

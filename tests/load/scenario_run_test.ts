// Runs of whole scenarios: what they send, what they count, and where they end.

import assert from "node:assert/strict";
import test from "node:test";
import { runLoad } from "../../lib/load/run.ts";
import type { RunInputs } from "../../lib/load/run_inputs.ts";
import { renderTerminal } from "../../lib/report/terminal.ts";
import { parseResult, resultToJson } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { summarize } from "../../lib/result/summary.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

async function run(scenario: Scenario, inputs: RunInputs = {}): Promise<Result> {
  const plan = resolve({ ...scenario, load: { grace: "500ms", ...scenario.load } }, "test");
  const result = parseResult(resultToJson(summarize(plan, await runLoad(plan, inputs))), "result");
  const { offered, completed, failed, inFlight, unsent } = result.requests;
  assert.equal(offered, completed + failed + inFlight + unsent, "every request is accounted for");
  assert.equal(result.latencyUs.response.count, offered, "also what has no end counts, with its age");
  const inSeries = result.series.reduce((sum, line) => sum + line.offered, 0);
  assert.equal(inSeries, offered, "the series tells of each request offered");
  for (const field of ["offered", "completed", "failed"] as const) {
    const byRequest = result.byRequest?.reduce((sum, request) => sum + request[field], 0);
    assert.equal(byRequest ?? result.requests[field], result.requests[field], `${field} by request add up`);
  }
  return result;
}

const pathOf = (head: string): string => head.split(" ")[1]!;

test("scenario run: a sequence goes through its requests in order, on one connection, and each is told apart", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const result = await run({
    baseUrl: server.url,
    flow: "sequence",
    requests: [{ name: "a", url: "/a/{{index}}" }, { name: "b", url: "/b/{{index}}" }, {
      name: "c",
      url: "/c/{{index}}",
    }],
    load: { requests: 8, connections: 1 },
  });
  assert.deepEqual(server.heads.map(pathOf), ["/a/0", "/b/0", "/c/0", "/a/1", "/b/1", "/c/1", "/a/2", "/b/2"]);
  assert.equal(server.dials, 1);
  assert.deepEqual(result.byRequest!.map(({ name, completed, byStatus }) => [name, completed, byStatus]), [
    ["a", 3, { 200: 3 }],
    ["b", 3, { 200: 3 }],
    ["c", 2, { 200: 2 }],
  ]);
  const report = renderTerminal(result, { columns: 100, color: false });
  assert.match(report, /By request\n[^]*\n +a +3 +3 +0 /);
});

test("scenario run: a single request is not told apart", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const result = await run({
    baseUrl: server.url,
    requests: [{ url: "/{{index}}" }],
    load: { requests: 3, connections: 1 },
  });
  assert.equal(result.byRequest, undefined);
  assert.doesNotMatch(renderTerminal(result, { columns: 100, color: false }), /By request/);
});

test("scenario run: a response that is not as expected has failed, by what was wrong with it, and its status counts", async () => {
  await using server = await ScriptedServer.start(({ head, socket }) => {
    const body = "some needle in a body";
    if (pathOf(head) === "/split") {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 8)}`);
      setTimeout(() => socket.write(body.slice(8)), 20);
    } else if (pathOf(head) === "/teapot") socket.write("HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n");
    else socket.write(ok(body, "X-Kind: plain; v=1\r\n"));
  });
  const result = await run({
    baseUrl: server.url,
    flow: "sequence",
    requests: [
      { name: "good", url: "/", expect: { status: "2xx", headers: { "x-kind": "/^PLAIN/i" }, bodyIncludes: "needle" } },
      { name: "split", url: "/split", expect: { bodyIncludes: "needle" } },
      { name: "teapot", url: "/teapot", expect: { status: [200, "3xx"], bodyIncludes: "needle" } },
      { name: "header", url: "/", expect: { headers: { "x-kind": "plain" } } },
      { name: "missing header", url: "/", bodyPolicy: "close", expect: { headers: { "x-none": "/./" } } },
      { name: "body", url: "/", expect: { bodyIncludes: "haystack" } },
      { name: "no body", url: "/teapot", expect: { bodyIncludes: "x" } },
    ],
    load: { requests: 14, connections: 1 },
  });
  assert.deepEqual(result.requests.byError, { "expect/body": 2, "expect/header": 4, "expect/status 418": 4 });
  assert.deepEqual(result.requests.byStatus, { 200: 10, 418: 4 });
  assert.deepEqual(
    result.byRequest!.map(({ completed, byError }) => completed > 0 ? "good" : Object.keys(byError).join()),
    [
      "good",
      "good",
      "expect/status 418",
      "expect/header",
      "expect/header",
      "expect/body",
      "expect/status 418",
    ],
  );
});

test("scenario run: what is not below 400 has failed unless the plan says otherwise, and every answer counts by status", async () => {
  await using server = await ScriptedServer.start(({ head, socket }) =>
    socket.write(`HTTP/1.1 ${pathOf(head).slice(1)} So\r\nContent-Length: 1\r\n\r\nx`)
  );
  const statuses = [200, 302, 404, 500];
  const requests = statuses.map((status) => ({ name: `${status}`, url: `/${status}` }));
  const load = { requests: 8, connections: 1 };
  const byStatus = { 200: 2, 302: 2, 404: 2, 500: 2 };
  for (
    const [scenario, byError] of [
      [{}, { "expect/status 404": 2, "expect/status 500": 2 }],
      [{ expectStatus: ["2xx", 404] }, { "expect/status 302": 2, "expect/status 500": 2 }],
      [{ expectStatus: "any" }, {}],
    ] as [Scenario, Record<string, number>][]
  ) {
    for (const client of ["loadgen", "fetch"] as const) {
      const result = await run({
        baseUrl: server.url,
        flow: "sequence",
        requests,
        ...scenario,
        load: { ...load, client },
      });
      assert.deepEqual([result.requests.byStatus, result.requests.byError], [byStatus, byError]);
      assert.deepEqual(
        result.byRequest!.map(({ completed, failed, byStatus }) => [completed + failed, Object.values(byStatus)]),
        statuses.map(() => [2, [2]]),
      );
    }
  }
});

test("scenario run: a single request by loadgen's own client is held to its status, whatever becomes of bodies", async () => {
  await using server = await ScriptedServer.start(({ index, socket }) =>
    socket.write(`HTTP/1.1 ${index % 2 === 0 ? 200 : 503} So\r\nContent-Length: 1\r\n\r\nx`)
  );
  for (const bodyPolicy of ["read", "close"] as const) {
    const { requests, latencyUs, connections } = await run({
      request: { url: server.url, bodyPolicy },
      load: { requests: 10, connections: 1 },
    });
    assert.deepEqual([requests.completed, requests.byError], [5, { "expect/status 503": 5 }]);
    assert.deepEqual([latencyUs.service.count, latencyUs.byError["expect/status 503"]!.count], [10, 5]);
    assert.equal(connections.readLoops["awaitingBodyRead"], undefined, "bodies of failures are read or closed as well");
  }
  const held = await run({ request: { url: server.url, bodyPolicy: "hold" }, load: { requests: 4, connections: 1 } });
  assert.deepEqual([held.requests.byStatus, held.connections.readLoops], [{ 200: 4 }, { awaitingBodyRead: 4 }]);
});

test("scenario run: each request has its own time limit and body policy", async () => {
  await using server = await ScriptedServer.start(({ head, socket }) => {
    if (!pathOf(head).startsWith("/never")) socket.write(ok("x".repeat(100)));
  });
  const result = await run({
    baseUrl: server.url,
    requests: [
      { name: "held", url: "/held", bodyPolicy: "hold" },
      { name: "short", url: "/never/1", timeout: "50ms" },
      { name: "long", url: "/never/2", timeout: "0" },
    ],
    load: { rps: 60, duration: "1s", grace: "300ms" },
  });
  const [held, short, long] = result.byRequest!;
  assert.equal(held!.completed, held!.offered);
  assert.equal(short!.failed, short!.offered);
  assert.ok(Object.keys(short!.byError).every((key) => key.endsWith("/timeout")), JSON.stringify(short!.byError));
  assert.deepEqual([long!.completed, long!.failed], [0, 0]);
  assert.equal(result.requests.inFlight, long!.offered);
  assert.equal(result.connections.readLoops["awaitingBodyRead"], held!.offered);
  assert.deepEqual(result.byRequest!.map(({ held }) => held), [held!.offered, 0, 0]);
  assert.deepEqual(result.leak.byRequest, [{ name: "held", held: held!.offered }]);
});

test("scenario run: a sequential feeder ends the run, after the last sender's last step", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const feeds = [{ columns: ["n"], rows: [["a"], ["b"], ["c"]] }];
  const scenario: Scenario = {
    baseUrl: server.url,
    flow: "sequence",
    feeders: [{ file: "n.csv", mode: "sequential" }],
    requests: [{ name: "1", url: "/{{n}}/1" }, { name: "2", url: "/{{n}}/2" }],
    load: { connections: 5, duration: "60s" },
  };
  const closed = await run(scenario, { feeds });
  assert.equal(closed.outcome, "completed");
  assert.deepEqual(server.heads.map(pathOf).sort(), ["/a/1", "/a/2", "/b/1", "/b/2", "/c/1", "/c/2"]);
  const open = await run({ ...scenario, load: { rps: 100, duration: "60s" } }, { feeds });
  assert.equal(open.outcome, "completed");
  assert.equal(open.requests.completed, open.requests.offered);
  assert.ok(open.requests.offered >= 3 && open.requests.offered <= 6, String(open.requests.offered));
});

test("scenario run: what a warm-up and a cool-down send is in no figure but their own", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { requests, warmup, cooldown, connections, durationMs, bytes } = await run({
    request: { url: server.url },
    load: { rps: 100, duration: "500ms", warmup: "300ms", cooldown: "200ms" },
  });
  assert.deepEqual([requests.offered, requests.completed, durationMs], [50, 50, 500]);
  assert.deepEqual([warmup, cooldown], [{ offered: 30 }, { offered: 20 }]);
  assert.ok(server.heads.length > 80, "the last ones may be cut off");
  assert.ok(connections.live.start >= 1, "connections stay");
  assert.ok(connections.dialed < server.dials, "those of the warm-up are not dialed by the run");
  assert.ok(bytes.received < 100 * ok("x").length);
});

test("scenario run: bodies that a warm-up holds are held by the client, and not by a request of the run", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const result = await run({
    request: { name: "look", url: server.url, bodyPolicy: "hold" },
    load: { rps: 50, warmup: "500ms", duration: "1s" },
  });
  assert.deepEqual([result.warmup, result.leak.heldBodies], [{ offered: 25 }, 75]);
  assert.deepEqual(result.leak.byRequest, [{ name: "look", held: 50 }]);
  assert.equal(result.series.at(-1)!.heldBodies, 75);
  assert.equal(result.connections.readLoops["awaitingBodyRead"], 75);
});

test("scenario run: a closed loop warms up as well, and its count of requests comes after that", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { requests, warmup, connections } = await run({
    request: { url: server.url },
    load: { requests: 40, connections: 4, warmup: "100ms" },
  });
  assert.equal(requests.completed, 40);
  assert.equal(server.heads.length, 40 + warmup!.offered);
  assert.equal(connections.dialed, 0);
});

test("scenario run: interrupted while it warms up, it reports that nothing was sent", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  const plan = resolve({ request: { url: server.url }, load: { rps: 100, duration: "5s", warmup: "60s" } });
  const result = summarize(plan, await runLoad(plan, { signal: stop.signal }));
  assert.deepEqual([result.outcome, result.requests.offered], ["interrupted", 0]);
  assert.ok(result.warmup!.offered > 0);
});

test("scenario run: a value of the environment reaches the server, and neither result nor report", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const secret = "hunter2-of-the-environment";
  const result = await run({
    baseUrl: server.url.replace("http://", "http://me:${SECRET}@"),
    variables: { token: "${SECRET}" },
    requests: [
      {
        url: "/{{token}}?t={{token}}",
        headers: { authorization: "Bearer {{token}}", x: "${SECRET}" },
        bodyJson: "${SECRET}",
      },
      { name: "{{index}}", url: "/${SECRET}?q={{index}}" },
    ],
    load: { requests: 20, connections: 1 },
  }, { environment: { SECRET: secret } });
  assert.equal(result.requests.completed, 20);
  assert.ok(server.heads.some((head) => head.includes(`Bearer ${secret}`)));
  assert.ok(server.heads.every((head) => pathOf(head).startsWith(`/${secret}`)));
  const shown = JSON.stringify(result) + renderTerminal(result, { columns: 100, color: false });
  assert.ok(!shown.includes(secret));
});

test("scenario run: an error about a request has no value of the environment in it", async () => {
  const plan = resolve({ request: { url: "http://a${SECRET}`/" } });
  const secret = { environment: { SECRET: "hunter2" } };
  await assert.rejects(runLoad(plan, secret), ({ message }: Error) => !message.includes("hunter2"));
});

test("scenario run: a plan with feeders does not run without their rows", async () => {
  const plan = resolve({ request: { url: "http://127.0.0.1/" }, feeders: [{ file: "a.csv" }] });
  await assert.rejects(runLoad(plan), /feeders whose rows are not given/);
});

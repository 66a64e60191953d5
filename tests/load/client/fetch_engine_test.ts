// The load by the runtime's own `fetch`: what it counts, what it holds, and where it ends.

import assert from "node:assert/strict";
import test from "node:test";
import { systemClock } from "../../../lib/core/clock.ts";
import { FetchEngine } from "../../../lib/load/client/fetch_engine.ts";
import { generatorOf } from "../../../lib/load/generator/generator_of.ts";
import { EconomyPacer } from "../../../lib/load/pacer/economy_pacer.ts";
import { runLoad } from "../../../lib/load/run.ts";
import type { RunInputs } from "../../../lib/load/run_inputs.ts";
import type { Result } from "../../../lib/result/result.ts";
import { summarize } from "../../../lib/result/summary.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { WHOLE } from "../../../lib/scenario/resolve/share.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { HttpsServer } from "../../e2e/https_server.ts";
import { selfSigned } from "../../support/certificates.ts";
import { collectRounds } from "../../support/collect_garbage.ts";
import { ok, ScriptedServer } from "../../support/scripted_server.ts";

async function run(scenario: Scenario, inputs: RunInputs = {}): Promise<Result> {
  const plan = resolve({ ...scenario, load: { client: "fetch", grace: "500ms", ...scenario.load } }, "test");
  const result = summarize(plan, await runLoad(plan, inputs));
  const { offered, completed, failed, inFlight, unsent } = result.requests;
  assert.equal(offered, completed + failed + inFlight + unsent, "every request is accounted for");
  assert.equal(result.latencyUs.response.count, offered, "also what has no end counts, with its age");
  return result;
}

const LOADS: readonly (readonly [string, NonNullable<Scenario["load"]>])[] = [
  ["an open loop", { rps: 100, duration: "500ms" }],
  ["a closed loop", { requests: 50, connections: 5 }],
];

for (const [loop, load] of LOADS) {
  for (const bodyPolicy of ["read", "close", "hold"] as const) {
    test(`fetch engine: ${loop} counts each request, bodies: ${bodyPolicy}`, async () => {
      await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(500))));
      const { requests, connections, bytes, latencyUs, runtime, leak, series } = await run({
        request: { url: server.url, bodyPolicy },
        load,
      });
      assert.deepEqual([requests.offered, requests.completed, requests.byStatus], [50, 50, { 200: 50 }]);
      assert.equal(server.heads.length, 50);
      const held = bodyPolicy === "hold" ? 50 : 0;
      assert.equal(connections.live.end, held, "a body that is held is a call that is open");
      assert.deepEqual(connections.readLoops, held === 0 ? {} : { awaitingBodyRead: held });
      assert.deepEqual([leak.heldBodies, leak.byRequest[0]?.held ?? 0, series.at(-1)!.heldBodies], [held, held, held]);
      assert.equal(bytes.received, bodyPolicy === "read" ? 50 * 500 : 0);
      assert.equal(runtime.socket, "fetch");
      assert.deepEqual(
        [connections.dialed, latencyUs.connect.count, latencyUs.firstByte.count],
        [0, 0, 0],
        "what a fetch does not tell is not made up",
      );
    });
  }
}

test("fetch engine: a response without a body is over with its head, and nothing of it is held", async () => {
  await using server = await ScriptedServer.start(({ socket, index }) =>
    socket.write(index % 2 === 0 ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
  );
  const { requests, connections } = await run({
    request: { url: server.url, bodyPolicy: "hold" },
    load: { requests: 20, connections: 1 },
  });
  assert.equal(requests.completed, 20);
  assert.equal(connections.live.end, 0);
});

test("fetch engine: no redirect is followed", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\nno")
  );
  const { requests } = await run({ request: { url: server.url }, load: { requests: 3, connections: 1 } });
  assert.deepEqual(requests.byStatus, { 302: 3 });
  assert.equal(server.heads.length, 3);
});

test("fetch engine: a time limit cuts off what has no head, and what has no end", async () => {
  await using server = await ScriptedServer.start(({ socket, head }) => {
    if (head.startsWith("GET /body")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nxxx");
  });
  const { requests, latencyUs } = await run({
    baseUrl: server.url,
    requests: [{ url: "/head", timeout: "150ms" }, { url: "/body", timeout: "150ms" }],
    flow: "sequence",
    load: { rps: 40, duration: "250ms", grace: "5s" },
  });
  assert.deepEqual([requests.offered, requests.failed], [10, 10]);
  const { "head/timeout": head = 0, "body/timeout": body = 0 } = requests.byError;
  assert.equal(head + body, 10);
  assert.ok(head > 0, "the first of each sequence never has a head");
  assert.ok(latencyUs.response.min >= 149_000);
});

test("fetch engine: failures have a phase and a code", async () => {
  const nobody = await ScriptedServer.start(() => {});
  const { url } = nobody;
  await nobody[Symbol.asyncDispose]();
  const refused = await run({ request: { url }, load: { requests: 4, connections: 2 } });
  assert.deepEqual(refused.requests.byError, { "dial/ECONNREFUSED": 4 });

  await using server = await ScriptedServer.start(({ socket }) => {
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nxxx");
  });
  const broken = await run({ request: { url: server.url }, load: { requests: 4, connections: 1 } });
  assert.equal(broken.requests.failed, 4);
  assert.deepEqual(Object.keys(broken.requests.byError).map((key) => key.split("/")[0]), ["body"]);
});

test("fetch engine: a certificate that nobody signed is a failure of TLS", async () => {
  await using server = await HttpsServer.start(await selfSigned("127.0.0.1"));
  const { requests } = await run({ request: { url: server.url }, load: { requests: 2, connections: 1 } });
  assert.equal(requests.failed, 2);
  const [[key, count]] = Object.entries(requests.byError) as [[string, number]];
  assert.match(key, /^tls\/(?:DEPTH_ZERO_SELF_SIGNED_CERT|UnknownIssuer|CaUsedAsEndEntity)$/);
  assert.equal(count, 2);
});

test("fetch engine: templates are filled for each request, bodies are sent as they are, expectations are held to", async () => {
  const bodies: string[] = [];
  await using server = await ScriptedServer.start(({ socket, head, body }) => {
    bodies.push(body);
    socket.write(ok(head.includes("/1?") ? "two" : "one"));
  });
  const result = await run({
    request: {
      method: "POST",
      url: `${server.url}{{n}}?i={{index}}`,
      headers: { "X-Row": "{{n}}" },
      body: "ü{{n}}",
      expect: { status: 200, headers: { "content-length": "3" }, bodyIncludes: "on" },
    },
    feeders: [{ file: "rows.csv", mode: "sequential" }],
    load: { requests: 10, connections: 1 },
  }, { feeds: [{ columns: ["n"], rows: [["0"], ["1"], ["2"]] }] });
  assert.deepEqual(server.heads.map((head) => head.split(" ")[1]), ["/0?i=0", "/1?i=1", "/2?i=2"]);
  assert.deepEqual(server.heads.map((head) => head.match(/x-row: (.*)/i)?.[1]), ["0", "1", "2"]);
  assert.ok(server.heads.every((head) => !/content-type/i.test(head)), "a field that nobody asked for");
  assert.deepEqual(bodies.map((body) => new TextDecoder().decode(Uint8Array.from(body, (c) => c.charCodeAt(0)))), [
    "ü0",
    "ü1",
    "ü2",
  ]);
  assert.deepEqual(result.requests.byError, { "expect/body": 1 });
  assert.deepEqual([result.requests.offered, result.requests.completed, result.bytes.sent], [3, 2, 9]);
});

test("fetch engine: in several worker threads the same plan is sent, and their calls add up", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(500))));
  const { requests, connections, runtime, leak } = await run({
    request: { url: server.url, bodyPolicy: "hold" },
    load: { rps: 100, duration: "500ms", workers: 2 },
  });
  assert.deepEqual([requests.completed, server.heads.length], [50, 50]);
  assert.deepEqual([connections.live.end, connections.readLoops], [50, { awaitingBodyRead: 50 }]);
  assert.deepEqual([leak.heldBodies, leak.byRequest[0]!.held], [50, 50]);
  assert.equal(runtime.socket, "fetch");
});

test("fetch engine: garbage collection gives up no body that is held, and closing gives up all", async () => {
  let open = 0;
  await using server = await ScriptedServer.start(({ socket }) => {
    open += 1;
    socket.on("close", () => open -= 1);
    socket.write(ok("x".repeat(4_000_000))); // more than is read ahead of anybody, so that its connection stays
  });
  const plan = resolve({
    request: { url: server.url, bodyPolicy: "hold" },
    load: { client: "fetch", requests: 8, connections: 2 },
  });
  const engine = new FetchEngine(plan, {}, WHOLE);
  const never = { beforeSend: () => undefined, onError: () => undefined };
  const generator = generatorOf(plan, engine, never, new EconomyPacer(systemClock), systemClock);
  generator.start();
  await generator.ended;
  await collectRounds(10);
  assert.deepEqual([engine.counts.heldBodies, engine.counts.inUse, open], [8, 8, 8]);
  await engine.close();
  assert.deepEqual([engine.counts.heldBodies, engine.counts.inUse], [0, 0]);
  const deadline = performance.now() + 5000;
  while (open > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(open, 0);
});

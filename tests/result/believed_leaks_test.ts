// Real runs whose truth is known, against real servers: what leaks is called a leak, and what only waits is not.

import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../../lib/result/load.ts";
import type { Result } from "../../lib/result/result.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

type Load = Scenario["load"];

async function run(requests: NonNullable<Scenario["requests"]>, how: Load): Promise<Result> {
  return await load(resolve({ requests, load: how }));
}

/** One request in so many holds its body. */
async function leakOf(oneIn: number, how: Load): Promise<Result> {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("hello")));
  return await run([
    { name: "read", url: server.url, weight: oneIn - 1 },
    { name: "forget", url: server.url, weight: 1, bodyPolicy: "hold" },
  ], how);
}

function assertLeaks({ leak }: Result): void {
  assert.deepEqual([leak.verdict, leak.kind, leak.where], ["leaking", "bodies", "client"], leak.reason);
  assert.deepEqual(leak.byRequest, [{ name: "forget", held: leak.heldBodies }]);
  assert.match(leak.reason, /, all of them "forget"\./);
  const { slope, low, high } = leak.heldPerRequest!;
  assert.ok(low < slope && slope < high, leak.reason);
}

test("leak, believed: a server that answers a hundred a second is overloaded by three hundred, and nothing leaks", async () => {
  const owed: (() => void)[] = [];
  const answering = setInterval(() => owed.shift()?.(), 10);
  try {
    await using server = await ScriptedServer.start(({ socket }) => owed.push(() => socket.write(ok("late"))));
    const { leak, requests } = await run([{ url: server.url }], { rps: 300, duration: "3s", grace: "100ms" });
    assert.ok(requests.inFlight > 300, "the overload is one");
    assert.deepEqual([leak.verdict, leak.heldBodies], ["clean", 0], leak.reason);
    assert.match(leak.reason, /connections rose to .* wait for the server's answer/);
  } finally {
    clearInterval(answering);
  }
});

test("leak, believed: a ramp against a slow server opens connections, and nothing leaks", async () => {
  await using server = await ScriptedServer.start(({ socket }) => setTimeout(() => socket.write(ok("late")), 1500));
  const stages = [{ duration: "4s", rps: 60 }];
  const { leak, connections } = await run([{ url: server.url }], { stages, grace: "100ms" });
  assert.ok(connections.live.end >= 40, "the ramp opened some");
  assert.deepEqual([leak.verdict, leak.heldBodies], ["clean", 0], leak.reason);
});

test("leak, believed: one body in a thousand of a closed loop leaks, within ten seconds", async () => {
  const result = await leakOf(1000, { connections: 64, requests: 20_000 });
  assertLeaks(result);
  assert.ok(result.leak.heldBodies >= 5 && result.connections.live.end > 64, result.leak.reason);
});

test("leak, believed: one body in a hundred leaks at two hundred a second", async () => {
  assertLeaks(await leakOf(100, { rps: 200, duration: "2500ms" }));
});

test("leak, believed: one body in two hundred leaks, however many idle connections stand beside it", async () => {
  for (const connections of [1, 100]) assertLeaks(await leakOf(200, { connections, requests: 3000 }));
});

test("leak, believed: five of five bodies held leak, and cost nothing that is worth saying", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("hello")));
  const { leak, memory } = await run([{ url: server.url, bodyPolicy: "hold" }], { rps: 5, duration: "1s" });
  assert.deepEqual([leak.verdict, leak.heldBodies, leak.heldPerRequest?.slope], ["leaking", 5, 1], leak.reason);
  assert.match(leak.reason, /5 of 5 answers/);
  assert.deepEqual([leak.rssBytesPerHeld, memory.rssBytesPerHeld], [null, null]);
  assert.doesNotMatch(leak.reason, /of memory each/);
});

test("leak, believed: seventeen held bodies have no cost each that a run could tell from its own", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("hello")));
  const requests = [{ url: server.url, bodyPolicy: "hold" as const }];
  const { leak } = await run(requests, { rps: 17, duration: "1s" });
  assert.deepEqual([leak.verdict, leak.heldBodies, leak.rssBytesPerHeld], ["leaking", 17, null]);
});

test("leak, believed: of a closed loop that reads every body nothing leaks", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("hello")));
  const { leak } = await run([{ url: server.url }], { connections: 16, duration: "2s" });
  assert.deepEqual([leak.verdict, leak.heldBodies], ["clean", 0], leak.reason);
});

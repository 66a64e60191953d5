import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { Resolver } from "../../../lib/socket/resolver.ts";
import { SocketError } from "../../../lib/socket/socket_error.ts";
import type { Trace } from "../../../lib/transport/trace.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get, turns } from "../../support/get.ts";
import { deadPort } from "../../support/raw_server.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { StallingAdapter } from "../../support/stalling_adapter.ts";
import { WireServer } from "../../support/wire_server.ts";

/** Answers every look-up with these addresses. */
function resolving(...addresses: string[]): Resolver {
  return { resolve: (_, done) => queueMicrotask(() => done(undefined, addresses)) };
}

test("timeout: no response head in time is an error, and the next request is fine", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock, responseHeaderTimeoutMs: 5000 });
  for (const start of ["", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 100 Continue\r\n\r\n"]) {
    const response = failure(transport.roundTrip({ url: server.url }));
    const wire = await server.wire(server.wires.length);
    await wire.take();
    wire.send(start);
    clock.advance(4999);
    await turns();
    assert.equal(transport.census().inUse, 1);
    clock.advance(1);
    const error = await response;
    assert.deepEqual([error.message, error.code, error.side, error.phase], [
      "timeout awaiting response headers",
      "responseHeaderTimeout",
      "remote",
      "head",
    ]);
    await wire.end();
  }
  assert.deepEqual(transport.census().totals.closed, { timeout: 3 });
  const next = get(transport, server.url);
  const wire = await server.wire(3);
  await wire.take();
  clock.advance(4999);
  wire.send(ok("x"));
  assert.equal(await next, "x");
  assert.equal(clock.timers(5000), 0);
});

test("timeout: that of the response head starts when the request is written, and ends with the head", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock, responseHeaderTimeoutMs: 5000 });
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => finish = resolve);
  const upload = async function* () {
    yield new TextEncoder().encode("part");
    await finished;
  };
  const response = transport.roundTrip({ method: "POST", url: server.url, body: upload() });
  const wire = await server.wire();
  await wire.take("part\r\n");
  clock.advance(60_000);
  finish!();
  await wire.take("0\r\n\r\n");
  await until(() => clock.timers(5000) === 1, "the timer starts");
  clock.advance(4999);
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
  const { body } = await response;
  clock.advance(60_000);
  wire.send("x");
  assert.equal(await body.text(), "x");
});

test("timeout: a dial that takes too long fails its request, and the next one is fine", async () => {
  const clock = new FakeClock();
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const adapter = new StallingAdapter((dial) => dial < 2);
  await using transport = new Transport({ adapter, clock });
  const first = failure(transport.roundTrip({ url: server.url }));
  clock.advance(10_000);
  const second = failure(transport.roundTrip({ url: server.url }));
  clock.advance(19_999);
  assert.equal(transport.census().dialing, 2);
  clock.advance(1);
  const error = await first;
  assert.deepEqual([error.code, error.phase, error.side], ["ETIMEDOUT", "dial", "remote"]);
  assert.match(error.message, /i\/o timeout after 30000 ms/);
  assert.deepEqual([transport.census().dialing, adapter.abandoned], [1, 1]);
  clock.advance(10_000);
  assert.equal((await second).code, "ETIMEDOUT");
  assert.equal(await get(transport, server.url), "x");
});

test("timeout: a look-up counts as a part of its dial", async () => {
  const clock = new FakeClock();
  let answer: (() => void) | undefined;
  const resolver: Resolver = { resolve: (_, done) => void (answer = () => done(undefined, ["127.0.0.1"])) };
  const adapter = new StallingAdapter(() => false);
  await using transport = new Transport({ adapter, clock, resolver, dialTimeoutMs: 700 });
  const response = failure(transport.roundTrip({ url: "http://slow.test/" }));
  clock.advance(700);
  assert.equal((await response).code, "ETIMEDOUT");
  answer!(); // nobody waits for it any more
  await turns();
  assert.deepEqual([adapter.dials, transport.census().dialing], [0, 0]);
});

test("timeout: a name that does not resolve is a dial error", async () => {
  const resolver: Resolver = {
    resolve: (_, done) => queueMicrotask(() => done(new SocketError("ENOTFOUND", "no such host"), [])),
  };
  await using transport = new Transport({ resolver });
  const error = await failure(transport.roundTrip({ url: "http://nowhere.test/" }));
  assert.deepEqual([error.code, error.phase, error.side], ["ENOTFOUND", "dial", "remote"]);
});

test("timeout: a second address is tried after 250 ms, and the first connection wins", async () => {
  const clock = new FakeClock();
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const adapter = new StallingAdapter((dial) => dial < 2);
  const told: string[] = [];
  const trace: Trace = {
    connectStart: (address) => void told.push(`start ${"host" in address ? address.host : address.path}`),
    connectDone: ({ address, error, elapsedMs }) =>
      void told.push(`done ${"host" in address ? address.host : address.path} ${error?.code} ${elapsedMs}`),
  };
  await using transport = new Transport({ adapter, clock, resolver: resolving("127.0.0.2", "127.0.0.3", "127.0.0.1") });
  const response = get(transport, `http://many.test:${new URL(server.url).port}/`, { trace });
  await until(() => adapter.dials === 1, "the first address is tried");
  clock.advance(249);
  assert.equal(adapter.dials, 1);
  clock.advance(1);
  assert.equal(adapter.dials, 2);
  clock.advance(250);
  assert.equal(await response, "x");
  assert.deepEqual(told, [
    "start 127.0.0.2",
    "start 127.0.0.3",
    "start 127.0.0.1",
    "done 127.0.0.1 undefined 0",
    "done 127.0.0.2 ECANCELED 500",
    "done 127.0.0.3 ECANCELED 250",
  ]);
  assert.equal(adapter.abandoned, 2);
  assert.deepEqual([transport.census().live, server.dials], [1, 1]);
  assert.equal(clock.timers(250), 0);
});

test("timeout: a refused address makes way for the next at once, and the first failure is told where all fail", async () => {
  const clock = new FakeClock();
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { port } = new URL(server.url);
  await using transport = new Transport({ clock, resolver: resolving("127.0.0.2", "127.0.0.1") });
  assert.equal(await get(transport, `http://two.test:${port}/`), "x");
  const told: unknown[] = [];
  const trace: Trace = { connectDone: ({ error }) => void told.push(error?.code) };
  const nobody = `http://two.test:${await deadPort()}/`;
  assert.equal((await failure(transport.roundTrip({ url: nobody, trace }))).code, "ECONNREFUSED");
  assert.deepEqual(told, ["ECONNREFUSED", "ECONNREFUSED"]);
  assert.equal(clock.timers(250), 0);
});

test("timeout: the dial timeout ends every attempt of the race", async () => {
  const clock = new FakeClock();
  const adapter = new StallingAdapter(() => true);
  const resolver = resolving("127.0.0.2", "127.0.0.3");
  await using transport = new Transport({ adapter, clock, resolver, dialTimeoutMs: 1000 });
  const response = failure(transport.roundTrip({ url: "http://two.test/" }));
  await until(() => adapter.dials === 1, "the first address is tried");
  clock.advance(1000);
  assert.equal((await response).code, "ETIMEDOUT");
  assert.deepEqual([adapter.dials, adapter.abandoned], [2, 2]);
});

test("timeout: no timer is left behind by a request that went well", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock, responseHeaderTimeoutMs: 1111, expectContinueTimeoutMs: 2222 });
  for (let i = 0; i < 3; i++) {
    const response = get(transport, server.url, { method: "POST", body: "body", headers: { expect: "100-continue" } });
    const wire = await server.wire();
    await wire.take();
    wire.send("HTTP/1.1 100 Continue\r\n\r\n");
    await wire.take("body");
    wire.send(ok("x"));
    await response;
    assert.deepEqual([clock.timers(1111), clock.timers(2222), clock.timers(50)], [0, 0, 1]); // 50: of the idle pool
  }
});

test("timeout: a connection is probed after 30 s of silence", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  await get(transport, server.url);
  const port = server.sockets[0]!.remotePort!.toString(16).toUpperCase().padStart(4, "0");
  // local address, remote address, state, queues, timer: 02 is that of keep-alive, with its time left in 1/100 s
  const line = new RegExp(`: [0-9A-F]+:${port} [0-9A-F:]+ 01 [0-9A-F:]+ 02:([0-9A-F]+) `);
  await until(() => line.test(readFileSync("/proc/net/tcp", "utf8")), "the kernel waits for silence");
  const leftS = Number(`0x${line.exec(readFileSync("/proc/net/tcp", "utf8"))![1]}`) / 100;
  assert.ok(leftS > 20 && leftS <= 30.5, `${leftS} s`);
});

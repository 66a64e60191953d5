import assert from "node:assert/strict";
import test from "node:test";
import { detectAdapter } from "../../../lib/socket/detect.ts";
import type { SocketAdapter } from "../../../lib/socket/socket.ts";
import { DEFAULT_TRANSPORT_OPTIONS, settle } from "../../../lib/transport/options/options.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { failure, get, turns } from "../../support/get.ts";
import { deadPort } from "../../support/raw_server.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { StallingAdapter } from "../../support/stalling_adapter.ts";
import { WireServer } from "../../support/wire_server.ts";

/** Sends that many requests, and answers them once all have arrived. */
async function atOnce(transport: Transport, server: WireServer, count: number): Promise<void> {
  const all = Array.from({ length: count }, () => get(transport, server.url));
  for (let i = 0; i < count; i++) await (await server.wire(i)).take();
  for (const wire of server.wires) wire.send(ok("x"));
  await Promise.all(all);
}

test("pool: the third of three connections that return is one too many", async () => {
  for (const options of [{}, { maxIdleConnsPerHost: 2 }]) {
    await using server = await WireServer.start();
    await using transport = new Transport(options);
    await atOnce(transport, server, 3);
    const census = transport.census();
    assert.equal(census.idle, 2);
    assert.deepEqual(census.totals.closed, { maxIdleConnsPerHost: 1 });
    assert.equal(census.totals.dialed, census.live + 1);
    await until(() => server.wires.filter((wire) => wire.ended).length === 1, "the server sees one FIN");
  }
});

test("pool: with maxIdleConnsPerHost below 0 no connection is kept", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ maxIdleConnsPerHost: -1 });
  for (let i = 0; i < 2; i++) await get(transport, server.url);
  assert.equal(server.dials, 2);
  assert.deepEqual(transport.census().totals.closed, { keepAlivesDisabled: 2 });
});

test("pool: with maxIdleConns 4 and five hosts, the host used longest ago loses its connection", async () => {
  const servers = await Promise.all(
    Array.from({ length: 5 }, () => ScriptedServer.start(({ socket }) => socket.write(ok("x")))),
  );
  await using transport = new Transport({ maxIdleConns: 4 });
  for (const { url } of servers) await get(transport, url);
  assert.equal(transport.census().idle, 4);
  assert.deepEqual(transport.census().totals.closed, { maxIdleConns: 1 });
  for (const { url } of servers.slice(1)) await get(transport, url);
  assert.deepEqual(servers.map(({ dials }) => dials), [1, 1, 1, 1, 1]);
  await get(transport, servers[0]!.url);
  assert.equal(servers[0]!.dials, 2);
  for (const server of servers) await server[Symbol.asyncDispose]();
});

test("pool: with maxConnsPerHost 1, ten requests at once share one connection, first come first served", async () => {
  await using server = await ScriptedServer.start(({ socket, head }) => socket.write(ok(head.split(" ")[1]!)));
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const done: string[] = [];
  const paths = Array.from({ length: 10 }, (_, i) => `/${i}`);
  await Promise.all(paths.map(async (path) => done.push(await get(transport, new URL(path, server.url).href))));
  assert.deepEqual(done, paths);
  assert.deepEqual(server.heads.map((head) => head.split(" ")[1]), paths);
  assert.equal(server.dials, 1);
});

test("pool: a dial in progress counts against maxConnsPerHost", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const adapter = new StallingAdapter((dial) => dial < 2);
  await using transport = new Transport({ adapter, maxConnsPerHost: 2 });
  const all = [1, 2, 3].map(() => get(transport, server.url));
  await turns();
  assert.deepEqual([transport.census().dialing, transport.census().waiting, adapter.dials], [2, 3, 2]);
  adapter.release();
  await Promise.all(all);
  assert.equal(adapter.dials, 2);
});

test("pool: an idle connection counts against maxConnsPerHost of its own host alone", async () => {
  await using one = await ScriptedServer.start(({ socket }) => socket.write(ok("one")));
  await using two = await ScriptedServer.start(({ socket }) => socket.write(ok("two")));
  await using transport = new Transport({ maxConnsPerHost: 1 });
  assert.equal(await get(transport, one.url), "one");
  assert.equal(await get(transport, two.url), "two");
  assert.equal(transport.census().idle, 2);
});

test("pool: a waiter cancelled in the queue leaks no slot", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const held = await transport.roundTrip({ url: server.url });
  const cancel = new AbortController();
  const waiting = [1, 2].map(() => failure(transport.roundTrip({ url: server.url, signal: cancel.signal })));
  const last = get(transport, server.url);
  await until(() => transport.census().waiting === 3, "three requests wait");
  cancel.abort();
  for (const { message } of await Promise.all(waiting)) {
    assert.equal(message, "request canceled while waiting for connection");
  }
  assert.equal(transport.census().waiting, 1);
  await held.body.text();
  assert.equal(await last, "x");
  assert.equal(await get(transport, server.url), "x");
  assert.equal(server.dials, 1);
});

test("pool: an idle connection that dies frees its slot", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) => {
    socket.write(ok("x"));
    if (connection === 0) socket.end();
  });
  await using transport = new Transport({ maxConnsPerHost: 1 });
  await get(transport, server.url);
  await until(() => transport.census().live === 0, "the FIN arrives");
  assert.equal(await get(transport, server.url), "x");
  assert.equal(server.dials, 2);
});

test("pool: a connection that dies in use lets the next in the queue dial", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const first = failure(transport.roundTrip({ url: server.url }));
  const wire = await server.wire();
  await wire.take();
  const second = get(transport, server.url);
  wire.socket.end("HTTP/1.1 200");
  await first;
  const next = await server.wire(1);
  await next.take();
  next.send(ok("x"));
  assert.equal(await second, "x");
});

test("pool: a failed dial frees its slot", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const real = detectAdapter("auto");
  const nowhere = { host: "127.0.0.1", port: await deadPort() };
  let dials = 0;
  const adapter: SocketAdapter = {
    name: "node",
    dial: (address, handler) => real.dial(dials++ === 0 ? nowhere : address, handler),
  };
  await using transport = new Transport({ adapter, maxConnsPerHost: 1 });
  const [first, second] = [failure(transport.roundTrip({ url: server.url })), get(transport, server.url)];
  assert.equal((await first).code, "ECONNREFUSED");
  assert.equal(await second, "x");
  assert.equal(dials, 2);
});

test("pool: a body neither read nor closed holds its connection until cancelled", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const cancel = new AbortController();
  const held = await transport.roundTrip({ url: server.url, signal: cancel.signal });
  assert.equal(held.status, 200);
  const next = get(transport, server.url);
  await turns(50);
  const { readLoops, writeLoops, waiting } = transport.census();
  assert.deepEqual({ readLoops, writeLoops, waiting }, {
    readLoops: { awaitingBodyRead: 1 },
    writeLoops: { awaitingRequest: 1 },
    waiting: 1,
  });
  cancel.abort();
  assert.equal(await next, "x");
  assert.equal(server.dials, 2);
});

test("pool: without a limit each held body keeps a connection", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(2000))));
  await using transport = new Transport();
  for (let i = 0; i < 25; i++) await transport.roundTrip({ url: server.url });
  const census = transport.census();
  assert.equal(census.live, 25);
  assert.deepEqual(census.readLoops, { awaitingBodyRead: 25 });
  assert.deepEqual(census.writeLoops, { awaitingRequest: 25 });
  assert.equal(server.dials, 25);
});

test("pool: the defaults are Go's, of a bare transport and of the default one", () => {
  const bare = settle({});
  const named = settle(DEFAULT_TRANSPORT_OPTIONS);
  const limits = (settings: typeof bare) => ({
    maxIdleConns: settings.maxIdleConns,
    maxIdleConnsPerHost: settings.maxIdleConnsPerHost,
    maxConnsPerHost: settings.maxConnsPerHost,
    idleConnTimeoutMs: settings.idleConnTimeoutMs,
    dialTimeoutMs: settings.dialTimeoutMs,
    tlsHandshakeTimeoutMs: settings.tlsHandshakeTimeoutMs,
    expectContinueTimeoutMs: settings.expectContinueTimeoutMs,
    responseHeaderTimeoutMs: settings.responseHeaderTimeoutMs,
    maxResponseHeaderBytes: settings.maxResponseHeaderBytes,
    maxResponseHeaderFields: settings.maxResponseHeaderFields,
    proxied: settings.proxy !== undefined,
  });
  const common = {
    maxIdleConnsPerHost: 2,
    maxConnsPerHost: Infinity,
    dialTimeoutMs: 30_000,
    responseHeaderTimeoutMs: 0,
    maxResponseHeaderBytes: 10 * 1024 * 1024,
    maxResponseHeaderFields: 5000,
  };
  assert.deepEqual(limits(bare), {
    ...common,
    maxIdleConns: Infinity,
    idleConnTimeoutMs: 0,
    tlsHandshakeTimeoutMs: 0,
    expectContinueTimeoutMs: 0,
    proxied: false,
  });
  assert.deepEqual(limits(named), {
    ...common,
    maxIdleConns: 100,
    idleConnTimeoutMs: 90_000,
    tlsHandshakeTimeoutMs: 10_000,
    expectContinueTimeoutMs: 1_000,
    proxied: true,
  });
});

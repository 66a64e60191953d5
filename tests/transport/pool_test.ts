import assert from "node:assert/strict";
import test from "node:test";
import { detectAdapter } from "../../lib/socket/detect.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../lib/socket/socket.ts";
import { Transport } from "../../lib/transport/transport.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";

/** The real adapter, but that chosen dials only begin when the test lets them. */
class StallingAdapter implements SocketAdapter {
  readonly name = "node";
  dials = 0;
  readonly #real = detectAdapter("auto");
  readonly #stalls: (dial: number) => boolean;
  readonly #stalled: (() => void)[] = [];

  constructor(stalls: (dial: number) => boolean) {
    this.#stalls = stalls;
  }

  dial(address: Address, handler: SocketHandler): Socket {
    if (!this.#stalls(this.dials++)) return this.#real.dial(address, handler);
    let socket: Socket | undefined;
    let destroyed = false;
    this.#stalled.push(() => {
      if (!destroyed) socket = this.#real.dial(address, handler);
    });
    return {
      write: (bytes) => socket!.write(bytes),
      pause: () => socket?.pause(),
      resume: () => socket?.resume(),
      end: () => socket?.end(),
      startTls: (settings) => socket!.startTls(settings),
      handover: (handler) => socket!.handover(handler),
      ref: () => socket?.ref(),
      unref: () => socket?.unref(),
      destroy: () => {
        destroyed = true;
        socket?.destroy();
      },
    };
  }

  release(): void {
    for (const go of this.#stalled.splice(0)) go();
  }
}

test("pool: a request whose dial stalls goes out on the connection that comes back first", async () => {
  await using server = await ScriptedServer.start(({ socket, index, connection }) => {
    setTimeout(() => socket.write(ok(`${connection}/${index}`)), 20);
  });
  const adapter = new StallingAdapter((dial) => dial === 1);
  await using transport = new Transport({ adapter });
  const first = transport.roundTrip({ url: server.url });
  const second = transport.roundTrip({ url: server.url });
  assert.equal(await (await first).body.text(), "0/0");
  assert.equal(await (await second).body.text(), "0/1");
  assert.equal(transport.census().dialing, 1);
  adapter.release();
  await until(() => transport.census().idle === 2, "the orphan dial becomes an idle connection");
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "1/0");
  assert.equal(adapter.dials, 2);
});

test("pool: cancelling a request in mid-dial leaves its dial to others", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const adapter = new StallingAdapter((dial) => dial === 0);
  await using transport = new Transport({ adapter, maxConnsPerHost: 1 });
  const cancel = new AbortController();
  const first = transport.roundTrip({ url: server.url, signal: cancel.signal });
  await until(() => transport.census().dialing === 1, "the dial is on its way");
  const second = transport.roundTrip({ url: server.url });
  cancel.abort(new Error("changed my mind"));
  await assert.rejects(first, { code: "canceled", phase: "pool", side: "local" });
  adapter.release();
  assert.equal(await (await second).body.text(), "x");
  assert.equal(adapter.dials, 1);
});

test("pool: with maxConnsPerHost 1, ten requests at once share one connection in turn", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const ten = Array.from({ length: 10 }, async () => (await transport.roundTrip({ url: server.url })).body.text());
  assert.deepEqual(await Promise.all(ten), Array(10).fill("x"));
  assert.equal(server.dials, 1);
});

test("pool: a waiter cancelled in the queue leaks no slot", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const held = await transport.roundTrip({ url: server.url });
  const cancel = new AbortController();
  const waiting = transport.roundTrip({ url: server.url, signal: cancel.signal });
  await until(() => transport.census().waiting === 1, "the second request waits");
  cancel.abort();
  await assert.rejects(waiting, /request canceled while waiting for connection/);
  assert.equal(transport.census().waiting, 0);
  await held.body.text();
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "x");
  assert.equal(server.dials, 1);
});

test("pool: an idle connection that dies frees its slot", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) => {
    socket.write(ok("x"));
    if (connection === 0) socket.end();
  });
  await using transport = new Transport({ maxConnsPerHost: 1 });
  await (await transport.roundTrip({ url: server.url })).body.text();
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "x");
  assert.equal(server.dials, 2);
});

test("pool: a body neither read nor closed holds its connection until cancelled", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const cancel = new AbortController();
  const held = await transport.roundTrip({ url: server.url, signal: cancel.signal });
  assert.equal(held.status, 200);
  const next = transport.roundTrip({ url: server.url });
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(transport.census().readLoops, { awaitingBodyRead: 1 });
  assert.equal(transport.census().waiting, 1);
  cancel.abort();
  assert.equal(await (await next).body.text(), "x");
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

test("pool: the third of three idle connections is one too many", async () => {
  await using server = await ScriptedServer.start(({ socket }) => setTimeout(() => socket.write(ok("x")), 50));
  await using transport = new Transport({ maxIdleConnsPerHost: 2 });
  await Promise.all([1, 2, 3].map(async () => (await transport.roundTrip({ url: server.url })).body.text()));
  const census = transport.census();
  assert.equal(census.idle, 2);
  assert.deepEqual(census.totals.closed, { maxIdleConnsPerHost: 1 });
  assert.equal(census.totals.dialed, census.live + 1);
});

test("pool: over maxIdleConns the connection that was idle longest goes", async () => {
  const servers: ScriptedServer[] = [];
  for (let i = 0; i < 3; i++) servers.push(await ScriptedServer.start(({ socket }) => socket.write(ok("x"))));
  await using transport = new Transport({ maxIdleConns: 2 });
  for (const { url } of servers) await (await transport.roundTrip({ url })).body.text();
  assert.equal(transport.census().idle, 2);
  for (const { url } of servers.slice(1)) await (await transport.roundTrip({ url })).body.text();
  assert.deepEqual(servers.map(({ dials }) => dials), [1, 1, 1]);
  await (await transport.roundTrip({ url: servers[0]!.url })).body.text();
  assert.equal(servers[0]!.dials, 2);
  for (const server of servers) await server[Symbol.asyncDispose]();
});

test("pool: a connection idle for too long is closed, and the next request dials", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ idleConnTimeoutMs: 60 });
  for (let i = 0; i < 2; i++) await (await transport.roundTrip({ url: server.url })).body.text();
  assert.equal(server.dials, 1);
  await until(() => transport.census().idle === 0, "the idle timeout");
  assert.deepEqual(transport.census().totals.closed, { idleTimeout: 1 });
  await (await transport.roundTrip({ url: server.url })).body.text();
  assert.equal(server.dials, 2);
});

test("pool: closeIdleConnections closes what is idle and what returns, until the next request", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  await (await transport.roundTrip({ url: server.url })).body.text();
  const out = await transport.roundTrip({ url: server.url });
  transport.closeIdleConnections();
  await out.body.text();
  assert.equal(transport.census().live, 0);
  for (let i = 0; i < 2; i++) await (await transport.roundTrip({ url: server.url })).body.text();
  assert.equal(server.dials, 2);
});

test("pool: close ends everything and fails what is in flight", async () => {
  await using server = await ScriptedServer.start(() => {});
  const transport = new Transport({ maxConnsPerHost: 1 });
  const inFlight = transport.roundTrip({ url: server.url });
  const waiting = transport.roundTrip({ url: server.url });
  await until(() => server.heads.length === 1, "the first request arrived");
  const outcome = Promise.allSettled([inFlight, waiting]);
  await transport.close();
  for (const settled of await outcome) {
    assert.equal(settled.status, "rejected");
    assert.equal((settled.reason as { code: string }).code, "transportClosed");
  }
  assert.equal(transport.census().live, 0);
  await assert.rejects(transport.roundTrip({ url: server.url }), { code: "transportClosed" });
});

test("pool: a dial that takes too long fails its request, and the next one is fine", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const adapter = new StallingAdapter((dial) => dial < 2);
  await using transport = new Transport({ adapter, dialTimeoutMs: 80 });
  const both = await Promise.allSettled([1, 2].map(() => transport.roundTrip({ url: server.url })));
  for (const settled of both) {
    assert.equal(settled.status, "rejected");
    assert.equal((settled.reason as { code: string }).code, "ETIMEDOUT");
  }
  assert.equal(transport.census().dialing, 0);
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "x");
});

import assert from "node:assert/strict";
import test from "node:test";
import { detectAdapter } from "../../../lib/socket/detect.ts";
import type { Address, SocketAdapter } from "../../../lib/socket/socket.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get, turns } from "../../support/get.ts";
import { deadPort } from "../../support/raw_server.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { StallingAdapter } from "../../support/stalling_adapter.ts";
import { WireServer } from "../../support/wire_server.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

/** The real adapter, but that chosen dials go where nobody listens. */
async function misdialing(goesWrong: (dial: number) => boolean): Promise<SocketAdapter> {
  const real = detectAdapter("auto");
  const nowhere = { host: "127.0.0.1", port: await deadPort() };
  let dials = 0;
  return { name: "node", dial: (address, handler) => real.dial(goesWrong(dials++) ? nowhere : address, handler) };
}

for (const [framing, answer] of [["length", ok("hello")], ["chunked", CHUNKED]] as const) {
  test(`pool: three GETs read to their end, by ${framing}, take one dial`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer));
    await using transport = new Transport();
    for (let i = 0; i < 3; i++) {
      const response = await transport.roundTrip({ url: server.url });
      assert.equal(response.status, 200);
      assert.equal(await response.body.text(), "hello");
    }
    assert.equal(server.dials, 1);
    assert.equal(transport.census().totals.reused, 2);
  });
}

test("pool: two requests at once take two dials", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const both = [get(transport, server.url), get(transport, server.url)];
  for (const wire of [await server.wire(0), await server.wire(1)]) await wire.take();
  for (const wire of server.wires) wire.send(ok("x"));
  assert.deepEqual(await Promise.all(both), ["x", "x"]);
  assert.equal(server.dials, 2);
  assert.equal(transport.census().idle, 2);
});

test("pool: hosts share no connection", async () => {
  await using one = await ScriptedServer.start(({ socket }) => socket.write(ok("one")));
  await using two = await ScriptedServer.start(({ socket }) => socket.write(ok("two")));
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    assert.equal(await get(transport, one.url), "one");
    assert.equal(await get(transport, two.url), "two");
  }
  assert.deepEqual([one.dials, two.dials], [1, 1]);
});

test("pool: the connection used last is used next", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const both = [get(transport, server.url), get(transport, server.url)];
  const wires = [await server.wire(0), await server.wire(1)] as const;
  for (const wire of wires) await wire.take();
  wires[1].send(ok("x"));
  await until(() => transport.census().idle === 1, "the second connection is idle first");
  wires[0].send(ok("x"));
  await Promise.all(both);
  for (let i = 0; i < 3; i++) {
    const next = get(transport, server.url);
    await wires[0].take();
    wires[0].send(ok("y"));
    assert.equal(await next, "y");
  }
  assert.equal(wires[1].untaken, "");
});

test("pool: a request whose dial stalls goes out on the connection that comes back first", async () => {
  await using server = await WireServer.start();
  const adapter = new StallingAdapter((dial) => dial === 1);
  await using transport = new Transport({ adapter });
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  const second = get(transport, server.url);
  wire.send(ok("first"));
  assert.equal(await first, "first");
  await wire.take();
  wire.send(ok("second"));
  assert.equal(await second, "second");
  assert.equal(transport.census().dialing, 1);
  adapter.release();
  await until(() => transport.census().idle === 2, "the orphan dial becomes an idle connection");
  const third = get(transport, server.url);
  const orphan = await server.wire(1);
  await orphan.take();
  orphan.send(ok("third"));
  assert.equal(await third, "third");
  assert.equal(adapter.dials, 2);
});

test("pool: a finished dial serves its own request, not the one that waits longest", async () => {
  await using server = await ScriptedServer.start(({ socket, head }) => socket.write(ok(head.split(" ")[1]!)));
  const adapter = new StallingAdapter((dial) => dial === 0);
  await using transport = new Transport({ adapter, disableKeepAlives: true });
  const first = get(transport, `${server.url}first`);
  const second = get(transport, `${server.url}second`);
  assert.equal(await second, "/second");
  assert.equal(transport.census().waiting, 1);
  adapter.release();
  assert.equal(await first, "/first");
  assert.equal(adapter.dials, 2);
});

test("pool: cancelling a request in mid-dial is an error at once, and leaves its dial to others", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const adapter = new StallingAdapter((dial) => dial === 0);
  await using transport = new Transport({ adapter, maxConnsPerHost: 1 });
  const cancel = new AbortController();
  const first = transport.roundTrip({ url: server.url, signal: cancel.signal });
  await until(() => transport.census().dialing === 1, "the dial is on its way");
  const second = get(transport, server.url);
  const reason = new Error("changed my mind");
  cancel.abort(reason);
  const error = await failure(first);
  assert.deepEqual([error.code, error.phase, error.side, error.cause], ["canceled", "pool", "local", reason]);
  assert.equal(error.message, "request canceled while waiting for connection");
  assert.equal(transport.census().dialing, 1);
  adapter.release();
  assert.equal(await second, "x");
  assert.equal(adapter.dials, 1);
});

test("pool: with keep-alives off the dial of a cancelled request is thrown away", async () => {
  for (const off of [{ disableKeepAlives: true }, { maxIdleConnsPerHost: -1 }]) {
    await using server = await WireServer.start();
    const adapter = new StallingAdapter((dial) => dial === 0);
    await using transport = new Transport({ adapter, ...off });
    const cancel = new AbortController();
    const first = transport.roundTrip({ url: server.url, signal: cancel.signal });
    await until(() => transport.census().dialing === 1, "the dial is on its way");
    cancel.abort();
    await assert.rejects(first, { code: "canceled" });
    adapter.release();
    await (await server.wire()).end();
    assert.deepEqual(transport.census().totals.closed, { keepAlivesDisabled: 1 });
    const second = get(transport, server.url);
    const wire = await server.wire(1);
    await wire.take();
    wire.send(ok("x"));
    assert.equal(await second, "x");
    assert.equal(server.wires[0]!.text, "");
  }
});

test("pool: a failed dial fails its own request alone", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ adapter: await misdialing((dial) => dial === 0) });
  const first = transport.roundTrip({ url: server.url });
  const second = get(transport, server.url);
  await assert.rejects(first, { code: "ECONNREFUSED", phase: "dial", side: "remote" });
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  assert.equal(await second, "x");
  assert.equal(transport.census().dialing, 0);
});

test("pool: a dial that fails after its request was served otherwise harms nobody", async () => {
  const stalled = new StallingAdapter((dial) => dial === 1);
  const nowhere = { host: "127.0.0.1", port: await deadPort() };
  await using server = await WireServer.start();
  const adapter: SocketAdapter = {
    name: "node",
    dial: (address: Address, handler) => stalled.dial(stalled.dials === 1 ? nowhere : address, handler),
  };
  await using transport = new Transport({ adapter });
  const first = get(transport, server.url);
  const second = get(transport, server.url);
  const wire = await server.wire();
  for (const answer of ["first", "second"]) {
    await wire.take();
    wire.send(ok(answer));
  }
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
  stalled.release();
  await until(() => transport.census().dialing === 0, "the dial fails");
  assert.equal(transport.census().idle, 1);
});

test("pool: inside the idle timeout a connection is reused, after it the next request dials", async () => {
  const clock = new FakeClock();
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ clock, idleConnTimeoutMs: 60_000 });
  for (let i = 0; i < 3; i++) {
    await get(transport, server.url);
    clock.advance(59_999);
  }
  assert.equal(server.dials, 1);
  clock.advance(1);
  assert.deepEqual(transport.census().totals.closed, { idleTimeout: 1 });
  await get(transport, server.url);
  assert.equal(server.dials, 2);
});

test("pool: each idle connection has its own idle time", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock, idleConnTimeoutMs: 1000 });
  const both = [get(transport, server.url), get(transport, server.url)];
  for (const [i, answered] of both.entries()) {
    const wire = await server.wire(i);
    await wire.take();
    wire.send(ok("x"));
    await answered;
    clock.advance(400);
  }
  clock.advance(200);
  assert.equal(transport.census().idle, 1);
  clock.advance(399);
  assert.equal(transport.census().idle, 1);
  clock.advance(1);
  assert.equal(transport.census().idle, 0);
});

test("pool: a request that races the idle timer succeeds", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock, idleConnTimeoutMs: 1000 });
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("first"));
  await first;
  clock.advance(999);
  const second = get(transport, server.url);
  clock.advance(1); // the timer fires with the connection in use
  await wire.take();
  wire.send(ok("second"));
  assert.equal(await second, "second");
  clock.lag(1000); // the timer is late: the wall clock counts
  const third = get(transport, server.url);
  const fresh = await server.wire(1);
  await fresh.take();
  fresh.send(ok("third"));
  assert.equal(await third, "third");
  assert.deepEqual(transport.census().totals.closed, { idleTimeout: 1 });
});

test("pool: without an idle timeout a connection stays", async () => {
  const clock = new FakeClock();
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ clock });
  await get(transport, server.url);
  clock.advance(24 * 60 * 60 * 1000);
  await get(transport, server.url);
  assert.equal(server.dials, 1);
});

test("pool: closeIdleConnections closes what is idle, and what returns before the next request", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const answer = async (index: number) => {
    const wire = await server.wire(index);
    await wire.take();
    wire.send(ok("x"));
    return wire;
  };
  const idle = get(transport, server.url);
  const out = transport.roundTrip({ url: server.url });
  await answer(0);
  await answer(1);
  await idle;
  const { body } = await out;
  transport.closeIdleConnections();
  await server.wires[0]!.end();
  assert.equal(transport.census().live, 1);
  await body.text();
  await server.wires[1]!.end();
  assert.deepEqual(transport.census().totals.closed, { closeIdleConnections: 2 });
  const next = get(transport, server.url);
  await answer(2);
  await next;
  assert.equal(transport.census().idle, 1);
});

test("pool: a request after closeIdleConnections lets what was out return again", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  transport.closeIdleConnections();
  await get(transport, server.url);
  await body.text();
  assert.equal(transport.census().idle, 2);
});

test("pool: closeIdleConnections gives up a dial that nobody waits for, and no other", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const adapter = new StallingAdapter(() => true);
  await using transport = new Transport({ adapter });
  const cancel = new AbortController();
  const dropped = transport.roundTrip({ url: server.url, signal: cancel.signal });
  const wanted = get(transport, server.url);
  cancel.abort();
  await assert.rejects(dropped, { code: "canceled" });
  assert.equal(transport.census().dialing, 2);
  transport.closeIdleConnections();
  assert.deepEqual([transport.census().dialing, adapter.abandoned], [1, 1]);
  adapter.release();
  assert.equal(await wanted, "x");
});

test("pool: a waiter gets the returning connection although closeIdleConnections was called", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  const second = get(transport, server.url);
  await until(() => transport.census().waiting === 1, "the second request waits");
  transport.closeIdleConnections();
  wire.send(ok("first"));
  await first;
  await wire.take();
  wire.send(ok("second"));
  assert.equal(await second, "second");
  assert.deepEqual(transport.census().totals.closed, { closeIdleConnections: 1 });
});

test("pool: close ends everything and fails what is in flight", async () => {
  await using server = await ScriptedServer.start(() => {});
  const transport = new Transport({ maxConnsPerHost: 1 });
  const inFlight = transport.roundTrip({ url: server.url });
  const waiting = transport.roundTrip({ url: server.url });
  await until(() => server.heads.length === 1, "the first request arrived");
  const outcome = Promise.all([failure(inFlight), failure(waiting)]);
  await transport.close();
  assert.deepEqual((await outcome).map(({ code }) => code), ["transportClosed", "transportClosed"]);
  assert.equal(transport.census().live, 0);
  await assert.rejects(transport.roundTrip({ url: server.url }), { code: "transportClosed" });
});

test("pool: a connection whose server spoke before any request serves none", async () => {
  await using server = await WireServer.start((wire) => {
    if (server.wires.length === 2) wire.send(ok("for nobody"));
  });
  const adapter = new StallingAdapter((dial) => dial === 1);
  await using transport = new Transport({ adapter });
  const first = get(transport, server.url);
  const second = get(transport, server.url);
  const wire = await server.wire();
  for (const answer of ["first", "second"]) {
    await wire.take();
    wire.send(ok(answer));
  }
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
  adapter.release();
  await until(() => transport.census().totals.closed["unsolicited"] === 1, "the talkative connection is closed");
  const third = get(transport, server.url);
  await wire.take();
  wire.send(ok("third"));
  assert.equal(await third, "third");
});

test("pool: a unix socket carries requests whatever the URL's host", async () => {
  const path = `/tmp/loadgen-test-${Date.now()}-${Math.floor(Math.random() * 1e9)}.sock`;
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("by path")), path);
  await using transport = new Transport({ unixSocket: path });
  assert.equal(await get(transport, "http://example.test/here"), "by path");
  assert.match(server.heads[0]!, /^GET \/here HTTP\/1\.1\r\nHost: example\.test\r\n/);
});

test("pool: a signal that fired before the request means no dial", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const reason = new Error("too late");
  const error = await failure(transport.roundTrip({ url: server.url, signal: AbortSignal.abort(reason) }));
  assert.deepEqual([error.code, error.cause], ["canceled", reason]);
  await turns();
  assert.equal(transport.census().dialing + transport.census().totals.dialed + server.dials, 0);
});

import assert from "node:assert/strict";
import test from "node:test";
import { Transport } from "../../../lib/transport/transport.ts";
import { failure, get, turns } from "../../support/get.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { WireServer } from "../../support/wire_server.ts";

const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
const ASK = { Connection: "Upgrade", Upgrade: "echo" };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function text(chunk: Uint8Array | null): string | null {
  return chunk === null ? null : new TextDecoder().decode(chunk);
}

test("continue: 1xx before a response are skipped", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write(
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 P\r\n\r\n${ok("x")}`,
    )
  );
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ url: server.url });
    assert.deepEqual([response.status, response.headers.get("link"), await response.body.text()], [200, null, "x"]);
  }
  assert.equal(server.dials, 1);
});

const HINT = `HTTP/1.1 103 Early Hints\r\nX: ${"y".repeat(900)}\r\n\r\n`;

test("continue: all 1xx of a response together are bounded by the header limit", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(HINT.repeat(5) + ok("x")));
  await using transport = new Transport({ maxResponseHeaderBytes: 4096 });
  const error = await failure(transport.roundTrip({ url: server.url }));
  assert.match(error.message, /server response headers exceeded 4096 bytes/);
  assert.deepEqual([error.code, error.phase, error.side], ["headTooLarge", "head", "remote"]);
  assert.equal(transport.census().live, 0);
});

test("continue: an endless row of small 1xx ends at the header limit", async () => {
  await using server = await ScriptedServer.start(({ socket }) => {
    const more = () => void (socket.writable && socket.write("HTTP/1.1 100 Continue\r\n\r\n".repeat(100), more));
    more();
  });
  await using transport = new Transport({ maxResponseHeaderBytes: 100_000 });
  await assert.rejects(transport.roundTrip({ url: server.url }), { code: "headTooLarge" });
});

test("continue: with a got1xxResponse hook each 1xx has the whole limit to itself", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(HINT.repeat(50) + ok("x")));
  await using transport = new Transport({ maxResponseHeaderBytes: 4096 });
  const seen: (readonly [number, number])[] = [];
  const trace = {
    got1xxResponse: (status: number, headers: Headers) => void seen.push([status, headers.get("x")!.length]),
  };
  assert.equal(await get(transport, server.url, { trace }), "x");
  assert.deepEqual(seen, Array(50).fill([103, 900]));
  await using large = await ScriptedServer.start(({ socket }) =>
    socket.write(`HTTP/1.1 103 E\r\nX: ${"y".repeat(5000)}\r\n\r\n${ok("x")}`)
  );
  await assert.rejects(transport.roundTrip({ url: large.url, trace }), { code: "headTooLarge" });
});

test("upgrade: after a 101 the body is the connection both ways, with the bytes that came behind the head first", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const upgraded = transport.roundTrip({ url: server.url, headers: ASK });
  const wire = await server.wire();
  const head = await wire.take();
  assert.match(head, /^Connection: Upgrade\r$/m);
  wire.send(`${SWITCH}first`);
  const response = await upgraded;
  assert.deepEqual([response.status, response.statusText, response.headers.get("upgrade")], [
    101,
    "Switching Protocols",
    "echo",
  ]);
  const { body, tunnel } = response;
  assert.ok(tunnel !== undefined);
  assert.equal(text(await body.read()), "first");
  const pending = body.read();
  await tunnel.write(bytes("ping"));
  assert.equal(await wire.take("ping"), "ping");
  wire.send("pong");
  assert.equal(text(await pending), "pong");

  tunnel.end();
  await wire.end();
  wire.send("after your FIN");
  assert.equal(text(await body.read()), "after your FIN");
  wire.socket.end();
  assert.equal(await body.read(), null);
  assert.equal(await body.read(), null);
});

test("upgrade: the transport lets go of the connection: its slot is free, and no count has it", async () => {
  await using server = await WireServer.start();
  const transport = new Transport({ maxConnsPerHost: 1 });
  const cancel = new AbortController();
  const upgraded = transport.roundTrip({ url: server.url, headers: ASK, signal: cancel.signal });
  const wire = await server.wire();
  await wire.take();
  const next = get(transport, server.url);
  await until(() => transport.census().waiting === 1, "the next request waits for the slot");
  wire.send(SWITCH);
  const { tunnel, body } = await upgraded;
  const second = await server.wire(1);
  await second.take();
  second.send(ok("x"));
  assert.equal(await next, "x");
  const census = transport.census();
  assert.deepEqual([census.live, census.idle, census.totals.dialed, census.totals.closed], [1, 1, 2, { upgraded: 1 }]);
  assert.deepEqual(census.readLoops, { idle: 1 });

  cancel.abort();
  transport.closeIdleConnections();
  await transport.close();
  await turns();
  await tunnel!.write(bytes("still here"));
  assert.equal(await wire.take("still here"), "still here");
  body.close();
  await wire.end();
});

test("upgrade: closing the body closes the connection, and writing after it fails", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const upgraded = transport.roundTrip({ url: server.url, headers: ASK });
  const wire = await server.wire();
  await wire.take();
  wire.send(SWITCH);
  const { body, tunnel } = await upgraded;
  const pending = body.read();
  body.close();
  await assert.rejects(pending, { code: "readOnClosedBody" });
  await wire.end();
  await assert.rejects(tunnel!.write(bytes("x")), { code: "closed", side: "local" });
  await assert.rejects(body.read(), { code: "readOnClosedBody" });
  body.close();
});

test("upgrade: writing after the own FIN fails, and what the peer sends still arrives", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const upgraded = transport.roundTrip({ url: server.url, headers: ASK });
  const wire = await server.wire();
  await wire.take();
  wire.send(SWITCH);
  const { body, tunnel } = await upgraded;
  tunnel!.end();
  tunnel!.end();
  await assert.rejects(tunnel!.write(bytes("x")), { code: "closed", side: "local" });
  await wire.end();
  wire.send("late");
  assert.equal(text(await body.read()), "late");
  body.close();
});

test("upgrade: a write that waits as the own FIN is said is told its end, and the FIN follows it", async () => {
  await using server = await WireServer.start((wire) => wire.socket.pause());
  await using transport = new Transport();
  const upgraded = transport.roundTrip({ url: server.url, headers: ASK });
  const wire = await server.wire();
  wire.send(SWITCH);
  const { body, tunnel } = await upgraded;
  const write = tunnel!.write(new Uint8Array(16 * 1024 * 1024).fill(0x61));
  tunnel!.end();
  wire.socket.resume();
  await write;
  await wire.end();
  assert.equal(wire.text.lastIndexOf("a") - wire.text.indexOf("aaaa") + 1, 16 * 1024 * 1024);
  body.close();
});

test("upgrade: a reset fails the reader, after what had arrived", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const upgraded = transport.roundTrip({ url: server.url, headers: ASK });
  const wire = await server.wire();
  await wire.take();
  wire.send(`${SWITCH}so far`);
  const { body } = await upgraded;
  assert.equal(text(await body.read()), "so far");
  const pending = failure(body.read());
  wire.socket.resetAndDestroy();
  assert.deepEqual(await pending.then(({ code, side }) => [code, side]), ["ECONNRESET", "remote"]);
});

test("upgrade: bytes that nobody reads stay with the peer, and a write resolves when the socket has taken it", async () => {
  await using server = await WireServer.start((wire) => wire.socket.pause());
  await using transport = new Transport();
  const upgraded = transport.roundTrip({ url: server.url, headers: ASK });
  const wire = await server.wire();
  const size = 16 * 1024 * 1024;
  wire.send(SWITCH);
  wire.send(new Uint8Array(size).fill(0x61));
  const { body, tunnel } = await upgraded;
  let written = false;
  const write = tunnel!.write(new Uint8Array(size)).then(() => written = true);
  await turns(30);
  assert.equal(written, false);
  assert.ok(wire.socket.writableLength > 0, "the peer is held back");
  wire.socket.resume();
  await write;
  tunnel!.end();
  let received = 0;
  while (received < size) received += (await body.read())!.length;
  assert.equal(received, size);
  await wire.end();
  body.close();
});

test("upgrade: a 101 without Upgrade is a response without a body, and its connection closes", async () => {
  for (const head of ["HTTP/1.1 101 S\r\n\r\n", "HTTP/1.1 101 S\r\nUpgrade: echo\r\n\r\n"]) {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(head));
    await using transport = new Transport();
    const response = await transport.roundTrip({ url: server.url });
    assert.deepEqual([response.status, response.tunnel, await response.body.text()], [101, undefined, ""]);
    assert.equal(transport.census().live, 0);
  }
});

test("upgrade: one that is refused is an ordinary response", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("no")));
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ url: server.url, headers: ASK });
    assert.deepEqual([response.status, response.tunnel, await response.body.text()], [200, undefined, "no"]);
  }
  assert.equal(server.dials, 1);
});

test("upgrade: a connection that both sides have ended can still be closed, and is not read after that", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const upgraded = transport.roundTrip({ url: server.url, headers: ASK });
  const wire = await server.wire();
  wire.send(SWITCH);
  const { body, tunnel } = await upgraded;
  tunnel!.end();
  await wire.end();
  wire.socket.end();
  assert.equal(await body.read(), null);
  await turns(30);
  body.close();
  await assert.rejects(body.read(), { code: "readOnClosedBody" });
});

import assert from "node:assert/strict";
import test from "node:test";
import type { Resolver } from "../../lib/socket/resolver.ts";
import { SocketError } from "../../lib/socket/socket_error.ts";
import type { Trace } from "../../lib/transport/trace.ts";
import { Transport } from "../../lib/transport/transport.ts";
import { authority } from "../support/certificates.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { failure, get } from "../support/get.ts";
import { deadPort } from "../support/raw_server.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";
import { type Wire, WireServer } from "../support/wire_server.ts";

/** Every hook, as a line each in the order they came. */
function recorder(): { readonly lines: string[]; readonly trace: Required<Trace> } {
  const lines: string[] = [];
  const say = (...words: unknown[]) => void lines.push(words.join(" "));
  const trace: Required<Trace> = {
    getConn: (peer) => say("getConn", peer.replace(/:\d+$/, "")),
    dnsStart: (host) => say("dnsStart", host),
    dnsDone: ({ addresses, error, elapsedMs }) => {
      assert.ok(elapsedMs >= 0);
      say("dnsDone", addresses.join(), error?.code ?? "ok");
    },
    connectStart: (address) => say("connectStart", "host" in address ? address.host : address.path),
    connectDone: ({ error, elapsedMs }) => {
      assert.ok(elapsedMs >= 0);
      say("connectDone", error?.code ?? "ok");
    },
    tlsHandshakeStart: () => say("tlsHandshakeStart"),
    tlsHandshakeDone: ({ state, error, elapsedMs }) => {
      assert.ok(elapsedMs >= 0);
      say("tlsHandshakeDone", state?.servername ?? error?.code);
    },
    gotConn: ({ reused, wasIdle, idleTimeMs }) => say("gotConn", reused, wasIdle, idleTimeMs),
    wroteHeaderField: (name) => say("field", name),
    wroteHeaders: () => say("wroteHeaders"),
    wait100Continue: () => say("wait100Continue"),
    wroteRequest: (error) => say("wroteRequest", error?.code ?? "ok"),
    gotFirstResponseByte: () => say("gotFirstResponseByte"),
    got100Continue: () => say("got100Continue"),
    got1xxResponse: (status, headers) => say("got1xxResponse", status, [...headers].join()),
    putIdleConn: (refused) => say("putIdleConn", refused ?? "ok"),
  };
  return { lines, trace };
}

const DIALED = ["connectStart 127.0.0.1", "connectDone ok"];
const FIELDS = ["field Host", "field User-Agent", "field Accept-Encoding"];
const ANSWERED = [...FIELDS, "wroteHeaders", "wroteRequest ok", "gotFirstResponseByte", "putIdleConn ok"];

const HERE: Resolver = { resolve: (_, done) => queueMicrotask(() => done(undefined, ["127.0.0.1"])) };

test("trace: a plain request, then one on the same connection", async () => {
  const clock = new FakeClock();
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ clock });
  const { lines, trace } = recorder();
  await get(transport, server.url, { trace });
  assert.deepEqual(lines, ["getConn 127.0.0.1", ...DIALED, "gotConn false false 0", ...ANSWERED]);
  lines.length = 0;
  clock.advance(700);
  await get(transport, server.url, { trace });
  assert.deepEqual(lines, ["getConn 127.0.0.1", "gotConn true true 700", ...ANSWERED]);
});

test("trace: an idle time that began before a request without a trace is not told for later ones", async () => {
  const clock = new FakeClock();
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ clock });
  const { lines, trace } = recorder();
  await get(transport, server.url, { trace });
  clock.advance(700);
  await get(transport, server.url);
  clock.advance(300);
  lines.length = 0;
  await get(transport, server.url, { trace });
  assert.equal(lines[1], "gotConn true true 0");
});

test("trace: a name is looked up between getConn and the connect", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ resolver: HERE });
  const { lines, trace } = recorder();
  await get(transport, server.url.replace("127.0.0.1", "name.test"), { trace });
  const looked = ["getConn name.test", "dnsStart name.test", "dnsDone 127.0.0.1 ok"];
  assert.deepEqual(lines, [...looked, ...DIALED, "gotConn false false 0", ...ANSWERED]);
});

test("trace: a failed look-up and a refused connect end it", async () => {
  const resolver: Resolver = {
    resolve: (host, done) =>
      queueMicrotask(() =>
        host === "here.test" ? done(undefined, ["127.0.0.1"]) : done(new SocketError("ENOTFOUND", "no such host"), [])
      ),
  };
  await using transport = new Transport({ resolver });
  const { lines, trace } = recorder();
  await failure(transport.roundTrip({ url: "http://no.test/", trace }));
  assert.deepEqual(lines.splice(0), ["getConn no.test", "dnsStart no.test", "dnsDone  ENOTFOUND"]);
  await failure(transport.roundTrip({ url: `http://here.test:${await deadPort()}/`, trace }));
  assert.deepEqual(lines, [
    "getConn here.test",
    "dnsStart here.test",
    "dnsDone 127.0.0.1 ok",
    "connectStart 127.0.0.1",
    "connectDone ECONNREFUSED",
  ]);
});

test("trace: over TLS the handshake comes between connect and gotConn, also where it fails", async () => {
  const { ca } = await authority();
  const certificate = await (await authority()).server("name.test");
  await using server = await WireServer.start((wire) => void wire.take().then(() => wire.send(ok("x"))), certificate);
  await using transport = new Transport({ resolver: HERE, tls: { ca } });
  const { lines, trace } = recorder();
  await get(transport, server.url.replace("127.0.0.1", "name.test"), { trace });
  const secured = ["tlsHandshakeStart", "tlsHandshakeDone name.test"];
  assert.deepEqual(lines.splice(0), [
    "getConn name.test",
    "dnsStart name.test",
    "dnsDone 127.0.0.1 ok",
    ...DIALED,
    ...secured,
    "gotConn false false 0",
    ...ANSWERED,
  ]);
  await failure(transport.roundTrip({ url: server.url, trace }));
  const failed = ["tlsHandshakeStart", "tlsHandshakeDone ERR_TLS_CERT_ALTNAME_INVALID"];
  assert.deepEqual(lines, ["getConn 127.0.0.1", ...DIALED, ...failed]);
});

test("trace: a TLS handshake that times out is told as done, with the error", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock, tlsHandshakeTimeoutMs: 1234 });
  const { lines, trace } = recorder();
  const response = failure(transport.roundTrip({ url: server.url.replace("http", "https"), trace }));
  await (await server.wire()).takeBytes(1);
  await until(() => clock.timers(1234) === 1, "the handshake's timer runs");
  clock.advance(1234);
  await response;
  const timedOut = ["tlsHandshakeStart", "tlsHandshakeDone tlsHandshakeTimeout"];
  assert.deepEqual(lines, ["getConn 127.0.0.1", ...DIALED, ...timedOut]);
});

test("trace: through a proxy the peer is the proxy; inside a tunnel the handshake is the target's", async () => {
  const { ca } = await authority();
  const certificate = await (await authority()).server("name.test");
  await using server = await WireServer.start((wire) => void wire.take().then(() => wire.send(ok("x"))), certificate);
  await using proxy = await WireServer.start((wire) =>
    void wire.take().then(async (head) => {
      if (!head.startsWith("CONNECT")) {
        wire.send(ok("x"));
        return;
      }
      wire.send("HTTP/1.1 200 OK\r\n\r\n");
      const { connect } = await import("node:net");
      wire.socket.removeAllListeners("data");
      wire.socket.pipe(connect(server.port, "127.0.0.1")).pipe(wire.socket);
    })
  );
  const proxyUrl = proxy.url.replace("127.0.0.1", "proxy.test");
  await using transport = new Transport({ resolver: HERE, proxy: proxyUrl, tls: { ca } });
  const { lines, trace } = recorder();
  const looked = ["getConn proxy.test", "dnsStart proxy.test", "dnsDone 127.0.0.1 ok", ...DIALED];
  await get(transport, "http://name.test/", { trace });
  assert.deepEqual(lines.splice(0), [...looked, "gotConn false false 0", ...ANSWERED]);
  await get(transport, "https://name.test/", { trace });
  const secured = ["tlsHandshakeStart", "tlsHandshakeDone name.test"];
  assert.deepEqual(lines, [...looked, ...secured, "gotConn false false 0", ...ANSWERED]);
});

test("trace: a retry repeats from getConn", async () => {
  await using server = await ScriptedServer.start(({ socket, index }) =>
    index === 0 ? socket.write(ok("x")) : socket.end()
  );
  await using transport = new Transport({ clock: new FakeClock() });
  await get(transport, server.url);
  const { lines, trace } = recorder();
  await get(transport, server.url, { trace });
  assert.deepEqual(lines, [
    "getConn 127.0.0.1",
    "gotConn true true 0",
    ...FIELDS,
    "wroteHeaders",
    "wroteRequest ok",
    "getConn 127.0.0.1",
    ...DIALED,
    "gotConn false false 0",
    ...ANSWERED,
  ]);
});

test("trace: a connection handed over late is reused and was not idle", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  const { lines, trace } = recorder();
  const second = get(transport, server.url, { trace });
  wire.send(ok("x"));
  await first;
  await wire.take();
  wire.send(ok("y"));
  await second;
  assert.deepEqual(lines, ["getConn 127.0.0.1", "gotConn true false 0", ...ANSWERED]);
});

const POST = ["field Host", "field User-Agent", "field Content-Length", "field Expect", "field Accept-Encoding"];

test("trace: behind Expect: 100-continue, got100Continue comes before got1xxResponse, and the write after both", async () => {
  const { lines, trace } = recorder();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock(), expectContinueTimeoutMs: 1000 });
  const headers = { Expect: "100-continue" };
  const response = get(transport, server.url, { method: "POST", body: "the body", headers, trace });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
  await wire.take("the body");
  wire.send(ok("x"));
  await response;
  assert.deepEqual(lines, [
    "getConn 127.0.0.1",
    ...DIALED,
    "gotConn false false 0",
    ...POST,
    "wroteHeaders",
    "wait100Continue",
    "gotFirstResponseByte",
    "got1xxResponse 103 link,a",
    "got100Continue",
    "got1xxResponse 100 ",
    "wroteRequest ok",
    "putIdleConn ok",
  ]);
});

test("trace: a body that fails is told to wroteRequest", async () => {
  const { lines, trace } = recorder();
  await using server = await WireServer.start();
  await using transport = new Transport();
  const body = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("disk on fire")) }),
  };
  await failure(transport.roundTrip({ method: "POST", url: server.url, body, trace }));
  assert.deepEqual(lines.slice(-2), ["wroteHeaders", "wroteRequest requestBody"]);
});

test("trace: putIdleConn says why a connection was not kept, and is silent where keep-alives are off", async () => {
  const connectionsOf = async (transport: Transport, server: WireServer, count: number) => {
    const { lines, trace } = recorder();
    const all = Array.from({ length: count }, () => get(transport, server.url, { trace }));
    for (let i = 0; i < count; i++) await (await server.wire(i)).take();
    server.wires.forEach((wire: Wire) => wire.send(ok("x")));
    await Promise.all(all);
    return lines.filter((line) => line.startsWith("putIdleConn")).sort();
  };
  await using full = await WireServer.start();
  await using limited = new Transport({ maxIdleConnsPerHost: 1 });
  assert.deepEqual(await connectionsOf(limited, full, 2), ["putIdleConn maxIdleConnsPerHost", "putIdleConn ok"]);
  await using off = await WireServer.start();
  await using silent = new Transport({ maxIdleConnsPerHost: -1 });
  assert.deepEqual(await connectionsOf(silent, off, 1), []);
});

test("trace: each field of the head is told as it is on the wire", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  const fields: string[] = [];
  const trace: Trace = { wroteHeaderField: (name, value) => void fields.push(`${name}: ${value}`) };
  await get(transport, server.url, {
    method: "POST",
    body: "\r\nX-Not: a header\r\n\r\n",
    headers: [["X-A", "1"], ["x-a", "2"]],
    trace,
  });
  assert.deepEqual(fields, server.heads[0]!.trimEnd().split("\r\n").slice(1));
});

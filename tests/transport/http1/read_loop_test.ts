import assert from "node:assert/strict";
import test from "node:test";
import type { Socket, SocketHandler } from "../../../lib/socket/socket.ts";
import { type BodyChunk, Exchange } from "../../../lib/transport/request/exchange.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get } from "../../support/get.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { WireServer } from "../../support/wire_server.ts";

test("read loop: a hundred empty responses take one dial, and nobody needs to read or close them", async () => {
  for (const head of ["204 No Content\r\n", "200 OK\r\nContent-Length: 0\r\n"]) {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(`HTTP/1.1 ${head}\r\n`));
    await using transport = new Transport();
    for (let i = 0; i < 100; i++) await transport.roundTrip({ url: server.url });
    assert.equal(server.dials, 1);
    assert.deepEqual(transport.census().readLoops, { idle: 1 });
  }
});

test("read loop: HEAD keeps the declared length and has no body", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 123\r\n\r\n")
  );
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ method: "HEAD", url: server.url });
    assert.equal(response.contentLength, 123);
    assert.equal(response.headers.get("content-length"), "123");
    assert.equal(await response.body.text(), "");
  }
  assert.equal(server.dials, 1);
});

test("read loop: 304 and 204 have no body, whatever their heads say", async () => {
  for (const [status, framing] of [[304, "Transfer-Encoding: chunked"], [304, "Content-Length: 9"], [204, "X: y"]]) {
    await using server = await ScriptedServer.start(({ socket, index }) =>
      socket.write(index === 0 ? `HTTP/1.1 ${status} Z\r\n${framing}\r\n\r\n` : ok("next"))
    );
    await using transport = new Transport();
    const response = await transport.roundTrip({ url: server.url });
    assert.equal(response.status, status);
    assert.equal(await response.body.text(), "");
    assert.equal(await get(transport, server.url), "next");
    assert.equal(server.dials, 1);
  }
});

test("read loop: a response without a body is pooled before it is delivered", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write("HTTP/1.1 204 No Content\r\n\r\n"));
  await using transport = new Transport();
  for (let i = 0; i < 20; i++) {
    const { idle } = await transport.roundTrip({ url: server.url }).then(() => transport.census());
    assert.equal(idle, 1);
  }
  assert.equal(server.dials, 1);
});

test("read loop: a body is pooled before its end is told", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("hello")));
  await using transport = new Transport();
  for (let i = 0; i < 20; i++) {
    const { body } = await transport.roundTrip({ url: server.url });
    assert.notEqual(await body.read(), null);
    const { idle } = await body.read().then(() => transport.census());
    assert.equal(idle, 1);
  }
  assert.equal(server.dials, 1);
});

test("read loop: a body by length is at its end with its last byte, also where nobody reads on", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("hello")));
  await using transport = new Transport();
  for (let i = 0; i < 3; i++) {
    const { body } = await transport.roundTrip({ url: server.url });
    assert.equal(new TextDecoder().decode((await body.read())!), "hello");
  }
  assert.equal(server.dials, 1);
});

test("read loop: Content-Length: 0 and an instant FIN is delivered", async () => {
  for (let i = 0; i < 20; i++) {
    await using server = await ScriptedServer.start(({ socket }) =>
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    );
    await using transport = new Transport();
    const response = await transport.roundTrip({ url: server.url });
    assert.deepEqual([response.status, await response.body.text()], [200, ""]);
    await until(() => transport.census().live === 0, "the FIN closes the connection");
  }
});

test("read loop: a whole response and an instant FIN is delivered with its body", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.end(ok("all of it")));
  await using transport = new Transport();
  for (let i = 0; i < 10; i++) assert.equal(await get(transport, server.url), "all of it");
});

test("read loop: a FIN on an idle connection is seen, and a later POST dials anew without an error", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  await first;
  wire.socket.end();
  await until(() => transport.census().live === 0, "the closed connection leaves the pool");
  assert.deepEqual(transport.census().totals.closed, { serverClosedIdle: 1 });
  const post = get(transport, server.url, { method: "POST", body: "y" });
  const fresh = await server.wire(1);
  await fresh.take();
  fresh.send(ok("z"));
  assert.equal(await post, "z");
  assert.equal(transport.census().totals.retried, 0);
});

test("read loop: a reset of an idle connection is seen", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  await first;
  wire.socket.resetAndDestroy();
  await until(() => transport.census().live === 0, "the dead connection leaves the pool");
  assert.deepEqual(transport.census().totals.closed, { serverClosedIdle: 1 });
});

test("read loop: bytes that nobody asked for close an idle connection, and the next request dials", async () => {
  const cases = [["HTTP/1.1 200 OK\r\n", "unsolicited"], ["HTTP/1.0 408 Request Timeout\r\n", "serverClosedIdle"], [
    "x",
    "unsolicited",
  ]] as const;
  for (const [bytes, reason] of cases) {
    await using server = await WireServer.start();
    await using transport = new Transport();
    const first = get(transport, server.url);
    const wire = await server.wire();
    await wire.take();
    wire.send(ok("x"));
    await first;
    wire.send(bytes);
    await wire.end();
    assert.deepEqual(transport.census().totals.closed, { [reason]: 1 });
    const next = get(transport, server.url);
    const fresh = await server.wire(1);
    await fresh.take();
    fresh.send(ok("y"));
    assert.equal(await next, "y");
  }
});

test("read loop: of two responses to one request the second answers nobody", async () => {
  for (
    const first of [ok("first"), "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]
  ) {
    await using server = await ScriptedServer.start(({ socket, connection }) =>
      socket.write(connection === 0 ? first + ok("second") : ok("third"))
    );
    await using transport = new Transport();
    assert.equal(await get(transport, server.url), first === ok("first") ? "first" : "");
    assert.equal(await get(transport, server.url), "third");
    assert.deepEqual(transport.census().totals.closed, { unsolicited: 1 });
  }
});

const NOT_KEPT: readonly (readonly [what: string, answer: string, body: string])[] = [
  ["Connection: close", ok("x", "Connection: close\r\n"), "x"],
  ["close in a list", ok("x", "Connection: foo, Close\r\n"), "x"],
  ["HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "x"],
  [
    "Transfer-Encoding and Content-Length together",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    "x",
  ],
  ["Connection: close without a body", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", ""],
];

for (const [what, answer, body] of NOT_KEPT) {
  test(`read loop: no connection is kept after ${what}`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer));
    await using transport = new Transport();
    for (let i = 0; i < 2; i++) assert.equal(await get(transport, server.url), body);
    assert.equal(server.dials, 2);
    assert.deepEqual(transport.census().totals.closed, { connectionClose: 2 });
  });
}

test("read loop: no connection is kept after neither length nor chunked, and its FIN is the body's end", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.end("HTTP/1.1 200 OK\r\n\r\nall of it"));
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ url: server.url });
    assert.equal(response.contentLength, -1);
    assert.equal(await response.body.text(), "all of it");
  }
  assert.equal(server.dials, 2);
});

test("read loop: HTTP/1.0 with keep-alive is kept", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx")
  );
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ url: server.url });
    assert.deepEqual([response.proto, await response.body.text()], ["HTTP/1.0", "x"]);
  }
  assert.equal(server.dials, 1);
});

test("read loop: a request that said close is the last of its connection", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) await get(transport, server.url, { close: true });
  for (let i = 0; i < 2; i++) await get(transport, server.url, { headers: { connection: "close" } });
  assert.equal(server.dials, 4);
  assert.deepEqual(transport.census().totals.closed, { connectionClose: 4 });
});

test("read loop: the end of a response waits up to 50 ms for the end of its request, then gives the connection up", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const response = transport.roundTrip({ method: "POST", url: server.url, body: neverEnding() });
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("early"));
  const { body } = await response;
  assert.equal(new TextDecoder().decode((await body.read())!), "early");
  let ended = false;
  const end = body.read().then((chunk) => {
    ended = true;
    return chunk;
  });
  await until(() => transport.census().readLoops["awaitingWrite"] === 1, "the loop waits for the write");
  clock.advance(49);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([ended, transport.census().live], [false, 1]);
  clock.advance(1);
  assert.equal(await end, null);
  assert.deepEqual(transport.census().totals.closed, { earlyResponse: 1 });
  await wire.end();
});

test("read loop: a body closed while its end waits for the request's write hears nothing more", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const heard: string[] = [];
  class Early extends Exchange {
    override onHead(): void {
      this.read();
    }
    override onData(): void {
      heard.push("data");
    }
    override onEnd(): void {
      heard.push("end");
    }
    override onError(): void {
      heard.push("error");
    }
  }
  const exchange = new Early();
  transport.send(transport.prepare({ method: "POST", url: server.url, body: neverEnding() }), exchange);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("early"));
  await until(() => transport.census().readLoops["awaitingWrite"] === 1, "the loop waits for the write");
  exchange.close();
  clock.advance(50);
  assert.deepEqual(transport.census().totals.closed, { earlyResponse: 1 });
  assert.deepEqual(heard, ["data"]);
});

test("read loop: a request that ends within the 50 ms after its response keeps the connection", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => finish = resolve);
  const upload = async function* () {
    yield new TextEncoder().encode("part");
    await finished;
  };
  const response = transport.roundTrip({ method: "POST", url: server.url, body: upload() });
  const wire = await server.wire();
  await wire.take("part\r\n");
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  await until(() => transport.census().readLoops["awaitingWrite"] === 1, "the loop waits for the write");
  clock.advance(49);
  finish!();
  assert.equal((await response).status, 200);
  assert.equal(transport.census().idle, 1);
  assert.equal(await wire.take("0\r\n\r\n"), "0\r\n\r\n");
  const next = get(transport, server.url);
  await wire.take();
  wire.send(ok("next"));
  assert.equal(await next, "next");
});

test("read loop: cancelling while a finished response waits for its request's end spares the response", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const cancel = new AbortController();
  const { signal } = cancel;
  const response = transport.roundTrip({ method: "POST", url: server.url, body: neverEnding(), signal });
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("early"));
  const text = (await response).body.text();
  await until(() => transport.census().readLoops["awaitingWrite"] === 1, "the loop waits for the write");
  cancel.abort();
  assert.equal(await text, "early");
  assert.equal(transport.census().live, 0);
});

test("read loop: an error while reading closes the connection at once, and a later close is fine", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzz\r\n");
  const { body } = await response;
  await assert.rejects(body.text(), { code: "malformedChunk", phase: "body", side: "remote" });
  await wire.end();
  assert.deepEqual(transport.census().totals.closed, { broken: 1 });
  body.close();
  body.close();
});

test("read loop: trailers are there once the body is read to its end", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n")
  );
  await using transport = new Transport();
  const response = await transport.roundTrip({ url: server.url });
  const early = response.trailers;
  assert.equal(early, undefined);
  assert.equal(await response.body.text(), "x");
  assert.equal(response.trailers?.get("x-sum"), "1");
  response.body.close();
  assert.equal(response.trailers?.get("x-sum"), "1");
  const drained = await transport.roundTrip({ url: server.url });
  drained.body.close();
  await until(() => transport.census().idle === 1, "the drain ends");
  assert.equal(drained.trailers, undefined);
  assert.equal(server.dials, 1);
});

test("read loop: trailers that came before a cancel are told with the end of the body that was here, not earlier", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n")
  );
  await using transport = new Transport();
  const cancel = new AbortController();
  const response = await transport.roundTrip({ url: server.url, signal: cancel.signal });
  cancel.abort();
  assert.equal(transport.census().live, 0);
  const early = response.trailers;
  assert.equal(early, undefined);
  assert.equal(await response.body.text(), "x");
  assert.equal(response.trailers?.get("x-sum"), "1");
});

test("read loop: cancelling a finished request spares the connection's next user", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const cancel = new AbortController();
  const first = get(transport, server.url, { signal: cancel.signal });
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  await first;
  const next = get(transport, server.url);
  await wire.take();
  cancel.abort();
  wire.send(ok("y"));
  assert.equal(await next, "y");
  assert.equal(server.dials, 1);
});

test("read loop: a request cancelled before its response closes the connection", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const cancel = new AbortController();
  const response = failure(transport.roundTrip({ url: server.url, signal: cancel.signal }));
  const wire = await server.wire();
  await wire.take();
  cancel.abort("enough");
  const error = await response;
  assert.deepEqual([error.code, error.phase, error.cause], ["canceled", "head", "enough"]);
  await wire.end();
  assert.deepEqual(transport.census().totals.closed, { canceled: 1 });
});

/** A piece, and then nothing any more. */
async function* neverEnding(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode("piece");
  await new Promise(() => {});
}

test("read loop: after a callback that threw, the rest of its bytes is not what the next read put in their place", async () => {
  let handler: SocketHandler | undefined;
  const nothing = (): void => {};
  const socket: Socket = {
    write: () => true,
    pause: nothing,
    resume: nothing,
    end: nothing,
    startTls: nothing,
    handover: (next) => handler = next,
    ref: nothing,
    unref: nothing,
    destroy: nothing,
  };
  await using transport = new Transport({ adapter: { name: "node", dial: (_, first) => (handler = first, socket) } });
  const heard: string[] = [];
  class Throwing extends Exchange {
    override onHead(): void {
      this.read();
    }
    override onData(chunk: BodyChunk): void {
      heard.push(String.fromCharCode(...chunk.data()));
      if (heard.length === 1) throw new Error("the caller's");
    }
    override onEnd(): void {
      heard.push("end");
    }
    override onError(): void {
      heard.push("error");
    }
  }
  transport.send(transport.prepare({ url: "http://127.0.0.1/" }), new Throwing());
  handler!.onOpen();
  const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const view = new TextEncoder().encode(`${head}3\r\none\r\n3\r\ntwo\r\n`);
  assert.throws(() => handler!.onData(view), /the caller's/);
  view.fill(0x78);
  handler!.onData(new TextEncoder().encode("0\r\n\r\n"));
  assert.deepEqual(heard, ["one", "two", "end"]);
});

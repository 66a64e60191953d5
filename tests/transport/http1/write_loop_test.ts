import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import type { TransportRequest } from "../../../lib/transport/request/prepared_request.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get, turns } from "../../support/get.ts";
import { ok, until } from "../../support/scripted_server.ts";
import { type Wire, WireServer } from "../../support/wire_server.ts";

const NO_BODY_HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A stream whose pieces come when the test says so. */
class Pieces implements AsyncIterable<Uint8Array> {
  /** How often the next piece was asked for. */
  asked = 0;
  closed = 0;
  readonly #ready: IteratorResult<Uint8Array>[] = [];
  #waiting: ((result: IteratorResult<Uint8Array>) => void) | undefined = undefined;

  give(text: string): void {
    this.#put({ done: false, value: bytes(text) });
  }

  finish(): void {
    this.#put({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => {
        this.asked += 1;
        const ready = this.#ready.shift();
        if (ready !== undefined) return Promise.resolve(ready);
        return new Promise((resolve) => this.#waiting = resolve);
      },
      return: () => {
        this.closed += 1;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #put(result: IteratorResult<Uint8Array>): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#ready.push(result);
    else waiting(result);
  }
}

/** Sends one request, answers it, and returns what was on the wire. */
async function sent(transport: Transport, request: Partial<TransportRequest>, end = "\r\n\r\n"): Promise<string> {
  await using server = await WireServer.start();
  const answered = transport.roundTrip({ url: server.url, ...request });
  const wire = await server.wire();
  await wire.take(end);
  wire.send(NO_BODY_HEAD);
  await answered;
  return wire.text.replaceAll(`127.0.0.1:${server.port}`, "HOST");
}

test("write loop: the order on the wire", async () => {
  await using transport = new Transport();
  const request = {
    url: "x",
    method: "POST",
    close: true,
    body: "abc",
    headers: { "X-B": "2", "user-agent": "me", "X-A": "1" },
  };
  const { url: _, ...rest } = request;
  assert.equal(
    await sent(transport, rest, "abc"),
    "POST / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: me\r\nConnection: close\r\nContent-Length: 3\r\n" +
      "X-B: 2\r\nX-A: 1\r\nAccept-Encoding: gzip\r\n\r\nabc",
  );
  const stream = new Pieces();
  stream.give("abc");
  stream.finish();
  assert.equal(
    await sent(transport, { method: "PUT", body: stream, headers: [["X-A", "1"], ["x-a", "2"]] }, "0\r\n\r\n"),
    "PUT / HTTP/1.1\r\nHost: HOST\r\nUser-Agent: loadgen/0.1\r\nTransfer-Encoding: chunked\r\n" +
      "X-A: 1\r\nx-a: 2\r\nAccept-Encoding: gzip\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
  );
});

for (const method of ["POST", "PUT", "PATCH"]) {
  test(`write loop: an empty ${method} sends Content-Length: 0`, async () => {
    await using transport = new Transport();
    for (const body of [undefined, "", new Uint8Array(0)]) {
      assert.match(await sent(transport, { method, body }), /\r\nContent-Length: 0\r\n[^]*\r\n\r\n$/);
    }
  });
}

test("write loop: without a body GET, HEAD, DELETE and OPTIONS announce none", async () => {
  await using transport = new Transport();
  for (const method of ["GET", "HEAD", "DELETE", "OPTIONS"]) {
    assert.doesNotMatch(await sent(transport, { method }), /content-length|transfer-encoding/i);
  }
});

test("write loop: a stream of known length goes out by length, and keeps the connection", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const stream = new Pieces();
    for (const piece of ["ab", "", "cde"]) stream.give(piece);
    stream.finish();
    const response = get(transport, server.url, { method: "POST", body: stream, contentLength: 5 });
    const wire = await server.wire();
    assert.match(await wire.take("abcde"), /\r\nContent-Length: 5\r\n[^]*\r\n\r\nabcde$/);
    wire.send(ok("x"));
    assert.equal(await response, "x");
  }
  assert.equal(server.dials, 1);
});

test("write loop: three writes on a stream are three chunks, each sent when it is there", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const stream = new Pieces();
  const response = get(transport, server.url, { method: "POST", body: stream });
  const wire = await server.wire();
  assert.match(await wire.take(), /Transfer-Encoding: chunked/);
  assert.equal(wire.untaken, ""); // the head was here before any byte of the body
  for (const piece of ["one", "two", "three"]) {
    stream.give(piece);
    assert.equal(await wire.take(`${piece}\r\n`), `${piece.length}\r\n${piece}\r\n`);
    await turns(2);
    assert.equal(wire.untaken, "");
  }
  stream.finish();
  assert.equal(await wire.take(), "0\r\n\r\n");
  wire.send(ok("x"));
  assert.equal(await response, "x");
  assert.equal(stream.closed, 0);
});

test("write loop: a piece is copied, so that its source may use the buffer again", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const stream = async function* () {
    const buffer = new Uint8Array(100_000);
    for (let i = 0; i < 30; i++) {
      buffer.fill(0x61 + i % 26);
      yield buffer;
    }
  };
  const response = get(transport, server.url, { method: "POST", body: stream(), contentLength: 3_000_000 });
  const wire = await server.wire();
  await wire.take();
  const body = await wire.takeBytes(3_000_000);
  for (let i = 0; i < 30; i++) {
    assert.ok(
      body.slice(i * 100_000, (i + 1) * 100_000) === String.fromCharCode(0x61 + i % 26).repeat(100_000),
      `${i}`,
    );
  }
  wire.send(ok("x"));
  assert.equal(await response, "x");
});

test("write loop: a body of 5 MiB in memory arrives whole", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const body = new Uint8Array(5 * 1024 * 1024).map((_, i) => i % 251);
  const response = get(transport, server.url, { method: "POST", body });
  const wire = await server.wire();
  await wire.take();
  const received = await wire.takeBytes(body.length);
  assert.ok(Buffer.from(received, "latin1").equals(body));
  wire.send(ok("x"));
  assert.equal(await response, "x");
});

for (const method of ["GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND", "SEARCH"]) {
  test(`write loop: ${method} with an unknown body waits up to 200 ms for its first byte`, async () => {
    const clock = new FakeClock();
    await using server = await WireServer.start();
    await using transport = new Transport({ clock });
    const send = (body: AsyncIterable<Uint8Array>) => transport.roundTrip({ method, url: server.url, body });

    const empty = new Pieces();
    empty.finish();
    const first = send(empty);
    const wire = await server.wire();
    assert.doesNotMatch(await wire.take(), /content-length|transfer-encoding/i);
    wire.send(NO_BODY_HEAD);
    await first;

    const full = new Pieces();
    full.give("abc");
    full.finish();
    const second = send(full);
    assert.match(await wire.take("0\r\n\r\n"), /: chunked\r\n[^]*3\r\nabc\r\n0\r\n\r\n$/);
    wire.send(NO_BODY_HEAD);
    await second;

    const slow = new Pieces();
    const third = send(slow);
    await until(() => slow.asked === 1, "the body is asked");
    clock.advance(199);
    await turns();
    assert.equal(wire.untaken, "");
    assert.deepEqual(transport.census().writeLoops, { awaitingFirstByte: 1 });
    clock.advance(1);
    assert.match(await wire.take(), /chunked/);
    slow.give("abc");
    slow.finish();
    assert.equal(await wire.take("0\r\n\r\n"), "3\r\nabc\r\n0\r\n\r\n");
    wire.send(NO_BODY_HEAD);
    await third;
    assert.equal(server.dials, 1);
  });
}

test("write loop: POST with an unknown body sends its head at once", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock() });
  const stream = new Pieces();
  const response = get(transport, server.url, { method: "POST", body: stream });
  const wire = await server.wire();
  await wire.take();
  stream.finish();
  assert.equal(await wire.take(), "0\r\n\r\n");
  wire.send(ok("x"));
  assert.equal(await response, "x");
});

test("write loop: a stream is asked for its next piece only when the socket has taken the one before", async () => {
  await using server = await WireServer.start((wire) => wire.socket.pause());
  await using transport = new Transport();
  let asked = 0;
  const endless = async function* () {
    const piece = new Uint8Array(256 * 1024);
    for (;;) {
      asked += 1;
      yield piece;
    }
  };
  const cancel = new AbortController();
  const response = failure(
    transport.roundTrip({ method: "POST", url: server.url, body: endless(), signal: cancel.signal }),
  );
  await server.wire();
  await until(() => transport.census().writeLoops["writing"] === 1, "the socket is full");
  let before = -1;
  await until(() => {
    const still = asked === before;
    before = asked;
    return still && transport.census().writeLoops["writing"] === 1;
  }, "nobody asks any more");
  assert.ok(asked < 100, `${asked} pieces of 256 KiB were taken`);
  cancel.abort();
  assert.equal((await response).code, "canceled");
});

const CLOSING: readonly (readonly [what: string, keepAlives: boolean, request: Partial<TransportRequest>])[] = [
  ["disableKeepAlives", false, {}],
  ["close on the request", true, { close: true }],
  ["the caller's own header", true, { headers: { Connection: "close" } }],
  ["all of them", false, { close: true, headers: [["connection", "Close"], ["Connection", "close"]] }],
];

for (const [what, keepAlives, request] of CLOSING) {
  test(`write loop: ${what} sends exactly one Connection: close`, async () => {
    await using transport = new Transport({ disableKeepAlives: !keepAlives });
    const text = await sent(transport, request);
    assert.deepEqual(text.match(/^connection:.*$/gim), ["Connection: close"]);
    assert.equal(transport.census().live, 0);
  });
}

test("write loop: disableKeepAlives leaves an upgrade's Connection field alone", async () => {
  await using transport = new Transport({ disableKeepAlives: true });
  const text = await sent(transport, { headers: { Connection: "Upgrade", Upgrade: "echo" } });
  assert.deepEqual(text.match(/^connection:.*$/gim), ["Connection: Upgrade"]);
  assert.equal(transport.census().live, 0);
});

const quoted = JSON.stringify;

const BAD: readonly (readonly [message: string, code: string, request: Partial<TransportRequest>])[] = [
  ...["GE T", "", "GET\r\nX: y", "GÉT", "GET\0", "G/T", "(GET)"].map((method) =>
    [`invalid method ${quoted(method)}`, "badMethod", { method }] as const
  ),
  ...["", "x a", "x:a", "x\r\na", "x\0", "é", "x\t", "ā"].map((name) =>
    [`invalid header field name ${quoted(name)}`, "badHeaderName", {
      headers: [[name, "v"]] as [string, string][],
    }] as const
  ),
  ...([
    ["a\r\nb: c", "U+000D at 1"],
    ["a\nb", "U+000A at 1"],
    ["a\rb", "U+000D at 1"],
    ["ab\0", "U+0000 at 2"],
    ["a\x7fb", "U+007F at 1"],
    ["\x01b", "U+0001 at 0"],
    ["Ā", "U+0100 at 0"],
  ] as const).map(([value, what]) =>
    [`invalid header field value for "x-a": ${what}`, "badHeaderValue", { headers: { "x-a": value } }] as const
  ),
  ...["a b", "a/b", "a\r\nb", "a\0", "ä", "a@b", "a#b", "a?b"].map((host) =>
    [`invalid Host header ${quoted(host)}`, "badHost", { headers: { host } }] as const
  ),
  ...["User-Agent", "Connection"].map((name) =>
    [
      `invalid header field value for ${quoted(name)}: U+000D at 1`,
      "badHeaderValue",
      { headers: { [name]: "x\r\ny" } },
    ] as const
  ),
  ["invalid content length -2", "badContentLength", { method: "POST", body: new Pieces(), contentLength: -2 }],
  ["invalid content length 1.5", "badContentLength", { method: "POST", body: new Pieces(), contentLength: 1.5 }],
];

test("write loop: forbidden bytes in method, header name, header value or host never reach the wire", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  for (const [message, code, request] of BAD) {
    const error = await failure(transport.roundTrip({ url: server.url, ...request }));
    assert.deepEqual(
      [error.name, error.message, error.code, error.side, error.phase],
      ["TransportError", message, code, "local", "write"],
    );
  }
  assert.equal(server.dials, 0);
  assert.equal(transport.census().totals.dialed, 0);
});

test("write loop: forbidden bytes in a path reach the wire encoded, or not at all", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const response = get(transport, `${server.url}a b\0\r\n\tc/ä?d e"<>#f g`);
  const wire = await server.wire();
  assert.match(await wire.take(), /^GET \/a%20b%00c\/%C3%A4\?d%20e%22%3C%3E HTTP\/1\.1\r\nHost: 127/);
  wire.send(ok("x"));
  await response;
  for (const url of ["http://a b/", "http://a\0b/", "nonsense", "http://[::1/", "http://a:99999/"]) {
    const error = await failure(transport.roundTrip({ url }));
    assert.deepEqual([error.code, error.side], ["invalidUrl", "local"], url);
  }
  assert.equal((await failure(transport.roundTrip({ url: "ftp://a/" }))).code, "unsupportedScheme");
});

test("write loop: the error of an invalid URL shows no password", async () => {
  await using transport = new Transport();
  for (
    const url of ["http://user:secret@a b/", "http://user:sec/ret@host/", "http://u:se?c@t@a b/", "http:u:s#\n@a b/"]
  ) {
    const error = await failure(transport.roundTrip({ url }));
    assert.match(error.message, /^invalid URL "(http:\/\/)?\*\*\*@(a b|host)\/"$/);
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(url));
  }
});

test("write loop: framing fields of the caller's are not believed", async () => {
  await using transport = new Transport();
  const headers = { "Content-Length": "99", "Transfer-Encoding": "gzip", Trailer: "X", "X-A": "1" };
  const text = await sent(transport, { method: "POST", body: "abc", headers }, "abc");
  assert.deepEqual(text.match(/^(content-length|transfer-encoding|trailer):.*$/gim), ["Content-Length: 3"]);
});

test("write loop: a connection that breaks in mid-upload is an error, though the head of a response was delivered", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const stream = new Pieces();
  const response = transport.roundTrip({ method: "POST", url: server.url, body: stream });
  const wire: Wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far");
  const { body } = await response;
  assert.equal(new TextDecoder().decode((await body.read())!), "so far");
  wire.socket.resetAndDestroy();
  stream.give("abc");
  await assert.rejects(body.read(), { side: "remote", phase: "body" });
  await until(() => stream.closed === 1, "the source is closed");
  assert.equal(transport.census().live, 0);
});

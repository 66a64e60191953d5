import assert from "node:assert/strict";
import test from "node:test";
import { Transport } from "../../../lib/transport/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get, turns } from "../../support/get.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { WireServer } from "../../support/wire_server.ts";

const KIB = 1024;

function text(chunk: Uint8Array | null): string | null {
  return chunk === null ? null : new TextDecoder().decode(chunk);
}

function chunked(body: string): string {
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

for (const [framing, answer] of [["length", ok], ["chunks", chunked]] as const) {
  test(`body: closed with 200 KiB by ${framing} unread, the connection is drained and used again`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer("x".repeat(200 * KIB))));
    await using transport = new Transport({ clock: new FakeClock() });
    for (let i = 0; i < 3; i++) {
      (await transport.roundTrip({ url: server.url })).body.close();
      await until(() => transport.census().idle === 1, "the drain ends");
    }
    assert.equal(server.dials, 1);
  });

  test(`body: closed with 500 KiB by ${framing} unread, the connection is closed`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer("x".repeat(500 * KIB))));
    await using transport = new Transport({ clock: new FakeClock() });
    (await transport.roundTrip({ url: server.url })).body.close();
    await until(() => transport.census().live === 0, "the connection closes");
    assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
  });
}

test("body: a length of 262 144 is drained, one more is not", async () => {
  for (const [size, closed] of [[262_144, {}], [262_145, { earlyClose: 1 }]] as const) {
    await using server = await WireServer.start();
    await using transport = new Transport({ clock: new FakeClock() });
    const response = transport.roundTrip({ url: server.url });
    const wire = await server.wire();
    await wire.take();
    wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
    const { body } = await response;
    body.close();
    if (size === 262_145) {
      assert.deepEqual(transport.census().totals.closed, closed); // at once: nothing is waited for
      continue;
    }
    wire.send("x".repeat(size));
    await until(() => transport.census().idle === 1, "the drain ends");
  }
});

test("body: the declared length says whether it may be drained, whatever was read before", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock() });
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${300 * KIB}\r\n\r\n${"x".repeat(299 * KIB)}`);
  const { body } = await response;
  for (let read = 0; read < 299 * KIB;) read += (await body.read())!.length;
  body.close();
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
});

test("body: without drainOnClose every early close costs the connection", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(100))));
  await using transport = new Transport({ drainOnClose: false });
  (await transport.roundTrip({ url: server.url })).body.close();
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
});

test("body: without drainOnClose a pending read fails as the body is closed", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx")
  );
  await using transport = new Transport({ drainOnClose: false });
  const { body } = await transport.roundTrip({ url: server.url });
  await body.read();
  const pending = failure(body.read());
  body.close();
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
  assert.equal((await pending).code, "readOnClosedBody");
});

test("body: an endless stream closed after three lines is cut off at the server", async () => {
  const failed: string[] = [];
  await using server = await ScriptedServer.start(({ socket }) => {
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    socket.on("error", (error: Error & { code?: string }) => failed.push(error.code ?? ""));
    socket.on("close", () => failed.push("close"));
    const more = () => {
      if (!socket.writable) return;
      socket.write("5\r\nline\n\r\n", (error) => {
        if (error) failed.push(String(error));
      });
      setTimeout(more, 1);
    };
    more();
  });
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  let lines = 0;
  for await (const chunk of body) {
    lines += text(chunk)!.split("\n").length - 1;
    if (lines >= 3) break;
  }
  await until(() => failed.length > 0, "the server's write fails");
  await until(() => transport.census().live === 0, "the connection is gone");
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
});

test("body: a drain ends after 50 ms, and the connection with it", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
  const { body } = await response;
  assert.equal(text(await body.read()), "a");
  clock.advance(80);
  wire.send("1\r\nb\r\n");
  assert.equal(text(await body.read()), "b");
  body.close();
  assert.deepEqual(transport.census().readLoops, { draining: 1 });
  clock.advance(49);
  wire.send("1\r\nc\r\n"); // a byte on the way does not give it more time
  await turns();
  assert.deepEqual(transport.census().readLoops, { draining: 1 });
  clock.advance(1);
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
  await wire.end();
});

test("body: the 50 ms of one drain do not reach into the next", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => finish = resolve);
  const upload = async function* () {
    yield new TextEncoder().encode("part");
    await finished;
  };
  const first = transport.roundTrip({ method: "POST", url: server.url, body: upload() });
  const wire = await server.wire();
  await wire.take("part\r\n");
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
  (await first).body.close();
  clock.advance(40);
  wire.send("b"); // drained, and now it waits for the end of the upload
  await until(() => transport.census().readLoops["awaitingWrite"] === 1, "the drain ends before the upload");
  clock.advance(5);
  finish!();
  await until(() => transport.census().idle === 1, "the connection is pooled");
  await wire.take("0\r\n\r\n");
  const second = transport.roundTrip({ url: server.url });
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
  (await second).body.close();
  clock.advance(49);
  assert.deepEqual(transport.census().readLoops, { draining: 1 });
  wire.send("b");
  await until(() => transport.census().idle === 1, "the second drain ends well");
});

test("body: the next request while a drain is pending dials anew", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock() });
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx");
  (await response).body.close();
  const next = get(transport, server.url);
  const fresh = await server.wire(1);
  await fresh.take();
  fresh.send(ok("y"));
  assert.equal(await next, "y");
  assert.deepEqual(transport.census().readLoops, { draining: 1, idle: 1 });
  wire.send("x".repeat(9));
  await until(() => transport.census().idle === 2, "the drain ends");
});

test("body: cancelling after close has no effect", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const cancel = new AbortController();
  const response = transport.roundTrip({ url: server.url, signal: cancel.signal });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na");
  (await response).body.close();
  cancel.abort();
  await turns();
  assert.deepEqual(transport.census().readLoops, { draining: 1 });
  wire.send("bc");
  await until(() => transport.census().idle === 1, "the drain ends well");
});

test("body: close is idempotent, and reading after it gives an error and no bytes", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  for (const readFirst of [false, true]) {
    const { body } = await transport.roundTrip({ url: server.url });
    if (readFirst) await body.text();
    body.close();
    body.close();
    for (const read of [() => body.read(), () => body.text(), () => body.bytes()]) {
      await assert.rejects(read(), {
        code: "readOnClosedBody",
        message: "read on closed response body",
        side: "local",
      });
    }
  }
  await until(() => transport.census().idle === 1, "the drain ends");
});

test("body: closed while a read is pending, the read still gets its bytes, then the drain takes over", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
  const { body } = await response;
  const pending = body.read();
  body.close();
  wire.send("abc");
  assert.equal(text(await pending), "abc");
  assert.deepEqual(transport.census().readLoops, { draining: 1 });
  await assert.rejects(body.read(), { code: "readOnClosedBody" });
  wire.send("def");
  await until(() => transport.census().idle === 1, "the drain ends well");
});

test("body: closed while a read is pending that gets nothing, the read fails and the connection goes", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
  const { body } = await response;
  const pending = failure(body.read());
  body.close();
  clock.advance(50);
  assert.equal((await pending).code, "readOnClosedBody");
  clock.advance(50);
  await wire.end();
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
});

test("body: one reader at a time", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
  const { body } = await response;
  const first = body.read();
  await assert.rejects(body.read(), { code: "concurrentRead", side: "local" });
  wire.send("x");
  assert.equal(text(await first), "x");
  assert.equal(await body.read(), null);
  assert.equal(await body.read(), null);
});

test("body: cancelled in the middle, the connection closes, the bytes so far stay readable, then comes the error", async () => {
  for (const head of ["Content-Length: 100\r\n\r\nso far", "Transfer-Encoding: chunked\r\n\r\n6\r\nso far\r\n"]) {
    await using server = await WireServer.start();
    await using transport = new Transport();
    const cancel = new AbortController();
    const response = transport.roundTrip({ url: server.url, signal: cancel.signal });
    const wire = await server.wire();
    await wire.take();
    wire.send(`HTTP/1.1 200 OK\r\n${head}`);
    const { body } = await response;
    await until(() => transport.traffic.bytesReceived >= head.length, "the bytes are here");
    const reason = new Error("enough");
    cancel.abort(reason);
    await wire.end();
    assert.deepEqual(transport.census().totals.closed, { canceled: 1 });
    assert.equal(text(await body.read()), "so far");
    for (let i = 0; i < 2; i++) {
      const error = await failure(body.read());
      assert.deepEqual([error.code, error.phase, error.cause], ["canceled", "body", reason]);
    }
    body.close();
  }
});

test("body: cancelled during a read, the read fails with the reason", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const cancel = new AbortController();
  const response = transport.roundTrip({ url: server.url, signal: cancel.signal });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
  const { body } = await response;
  const pending = failure(body.read());
  cancel.abort("enough");
  cancel.abort("one cause, kept");
  assert.deepEqual(await pending.then(({ code, cause }) => [code, cause]), ["canceled", "enough"]);
  await wire.end();
});

test("body: truncated, it ends with unexpected EOF and not as if it were whole", async () => {
  const answers = [
    "Content-Length: 10\r\n\r\nabc",
    ...["5\r\nab", "5\r\nabcde", "5\r\nabcde\r\n", "5\r\nabcde\r\n0\r\n", "5\r\nabcde\r\n0\r\nX: y\r\n", "5", ""].map((
      part,
    ) => `Transfer-Encoding: chunked\r\n\r\n${part}`),
  ];
  for (const answer of answers) {
    await using server = await ScriptedServer.start(({ socket }) => socket.end(`HTTP/1.1 200 OK\r\n${answer}`));
    await using transport = new Transport();
    const { body } = await transport.roundTrip({ url: server.url });
    await assert.rejects(body.text(), { code: "unexpectedEof", phase: "body", side: "remote" }, answer);
    await assert.rejects(body.read(), { code: "unexpectedEof" });
    body.close();
    assert.equal(transport.census().live, 0);
    assert.deepEqual(transport.census().totals.closed, { broken: 1 });
  }
});

test("body: a reset in its middle is an error with a code, after the bytes before it", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
  const { body } = await response;
  assert.equal(text(await body.read()), "abc");
  const pending = failure(body.read());
  wire.socket.resetAndDestroy();
  const error = await pending;
  assert.deepEqual([error.code, error.side, error.phase], ["ECONNRESET", "remote", "body"]);
  assert.equal(transport.census().live, 0);
});

test("body: await using closes it, and leaving a for await does", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(200_000))));
  await using transport = new Transport();
  {
    await using response = await transport.roundTrip({ url: server.url });
    assert.equal(response.status, 200);
  }
  await until(() => transport.census().idle === 1, "the drained connection is pooled");
  for await (const _ of (await transport.roundTrip({ url: server.url })).body) break;
  await until(() => transport.census().idle === 1, "the drained connection is pooled");
  assert.equal(server.dials, 1);
});

test("body: json, and bytes are the caller's own", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok('{"a":1}')));
  await using transport = new Transport();
  assert.deepEqual(await (await transport.roundTrip({ url: server.url })).body.json(), { a: 1 });
  const kept = await (await transport.roundTrip({ url: server.url })).body.bytes();
  for (let i = 0; i < 3; i++) await get(transport, server.url);
  assert.equal(text(kept), '{"a":1}');
});

test("body: 8 MiB that nobody reads stay with the server, and arrive whole when read", async () => {
  const size = 8 * KIB * KIB;
  await using server = await ScriptedServer.start(({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
    socket.write(new Uint8Array(size).fill(0x61));
  });
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  await turns(50);
  assert.ok(transport.traffic.bytesReceived < 1024 * KIB, `${transport.traffic.bytesReceived} bytes were taken`);
  assert.equal((await body.bytes()).length, size);
  assert.equal(transport.census().idle, 1);
});

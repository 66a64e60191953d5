import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import type { TransportRequest } from "../../../lib/transport/request/prepared_request.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { WireServer } from "../../support/wire_server.ts";

const TEXT = "what it says, again and again. ".repeat(5000);
const PACKED = gzipSync(TEXT);

function byLength(bytes: Uint8Array, encoding = "gzip"): Uint8Array {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

function byChunks(bytes: Uint8Array): Uint8Array {
  const parts = [Buffer.from("HTTP/1.1 200 OK\r\nContent-Encoding: GZip\r\nTransfer-Encoding: chunked\r\n\r\n")];
  for (let at = 0; at < bytes.length; at += 100) {
    const piece = bytes.subarray(at, at + 100);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), Buffer.from(piece), Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

for (const [framing, answer] of [["length", byLength(PACKED)], ["chunks", byChunks(PACKED)]] as const) {
  test(`gzip: read to its end, by ${framing}, the connection is used again`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer));
    await using transport = new Transport();
    for (let i = 0; i < 3; i++) {
      const response = await transport.roundTrip({ url: server.url });
      assert.equal(response.uncompressed, true);
      assert.equal(response.contentLength, -1);
      assert.deepEqual([...response.headers.keys()].filter((name) => name.startsWith("content-")), []);
      assert.equal(await response.body.text(), TEXT);
      assert.equal(transport.census().idle, 1);
    }
    assert.equal(server.dials, 1);
    assert.match(server.heads[0]!, /^Accept-Encoding: gzip\r$/m);
  });
}

test("gzip: of several codings named in fields of their own the first counts, as in Go", async () => {
  const cases = [
    ["gzip\r\nContent-Encoding: gzip", true],
    ["GZIP\r\ncontent-encoding: identity", true],
    ["gzip\r\nContent-Encoding: br", true],
    ["identity\r\nContent-Encoding: gzip", false],
    ["\r\nContent-Encoding: gzip", false],
    ["gzip, gzip", false],
    ["x-gzip", false],
  ] as const;
  for (const [encoding, undone] of cases) {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(byLength(PACKED, encoding)));
    await using transport = new Transport();
    const response = await transport.roundTrip({ url: server.url });
    assert.equal(response.uncompressed, undone, encoding);
    assert.equal(response.headers.has("content-encoding"), !undone, encoding);
    const body = await response.body.bytes();
    assert.equal(body.length, undone ? TEXT.length : PACKED.length, encoding);
  }
});

test("gzip: two bytes of it are an unexpected EOF", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(byLength(PACKED.subarray(0, 2))));
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  await assert.rejects(body.text(), { code: "unexpectedEof", phase: "body", side: "remote" });
});

test("gzip: what is none is an error of the body, and the connection goes or is drained", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(byLength(Buffer.from("plain text"))));
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  await assert.rejects(body.text(), { code: "badGzip", phase: "body", side: "remote" });
  await until(() => transport.census().inUse === 0, "the connection is free");
});

test("gzip: truncated on the wire it is the connection's error", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.end(byLength(PACKED).subarray(0, 150)));
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  await assert.rejects(body.text(), { code: "unexpectedEof", phase: "body", side: "remote" });
  assert.equal(transport.census().live, 0);
});

test("gzip: closed early, the rest is drained as it is on the wire", async () => {
  const noise = gzipSync(Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 256 ^ (i >> 8))));
  await using server = await ScriptedServer.start(({ socket }) => socket.write(byLength(noise)));
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const { body } = await transport.roundTrip({ url: server.url });
    await body.read();
    body.close();
    await assert.rejects(body.read(), { code: "readOnClosedBody" });
    await until(() => transport.census().idle === 1, "the drain ends");
  }
  assert.equal(server.dials, 1);
});

const NOT_OFFERED: readonly (readonly [what: string, request: Partial<TransportRequest>, off: boolean])[] = [
  ["with Range", { headers: { Range: "bytes=0-1" } }, false],
  ["to HEAD", { method: "HEAD" }, false],
  ["with the caller's own Accept-Encoding", { headers: { "accept-encoding": "gzip" } }, false],
  ["with disableCompression", {}, true],
];

for (const [what, request, disableCompression] of NOT_OFFERED) {
  test(`gzip: not offered ${what}, and then a response is left as it comes`, async () => {
    await using server = await ScriptedServer.start(({ socket, head }) =>
      socket.write(head.startsWith("HEAD") ? byLength(PACKED).subarray(0, -PACKED.length) : byLength(PACKED))
    );
    await using transport = new Transport({ disableCompression });
    const response = await transport.roundTrip({ url: server.url, ...request });
    assert.doesNotMatch(server.heads[0]!, /^Accept-Encoding: gzip\r$/m);
    assert.equal(response.uncompressed, false);
    assert.equal(response.headers.get("content-encoding"), "gzip");
    assert.equal(response.contentLength, PACKED.length);
    const bytes = await response.body.bytes();
    assert.ok(request.method === "HEAD" ? bytes.length === 0 : Buffer.from(bytes).equals(PACKED));
  });
}

test("gzip: a response that is not encoded so stays as it is", async () => {
  for (const answer of [Buffer.from(ok("plain")), byLength(Buffer.from("plain"), "br")]) {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer));
    await using transport = new Transport();
    const response = await transport.roundTrip({ url: server.url });
    assert.deepEqual([response.uncompressed, response.contentLength], [false, 5]);
    assert.equal(await response.body.text(), "plain");
  }
});

test("gzip: an encoded response without a body keeps its head", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(byLength(new Uint8Array(0))));
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ url: server.url });
    assert.deepEqual([response.uncompressed, response.headers.get("content-encoding")], [false, "gzip"]);
    assert.equal(await response.body.text(), "");
  }
  assert.equal(server.dials, 1);
});

test("gzip: text is told as it comes, before the body's end", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const response = transport.roundTrip({ url: server.url });
  const wire = await server.wire();
  await wire.take();
  const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 256 ^ (i >> 8)));
  const packed = gzipSync(noise);
  const bytes = byLength(packed);
  wire.send(bytes.subarray(0, bytes.length - 1000));
  const { body } = await response;
  let read = (await body.read())!.length;
  assert.ok(read > 0 && read < noise.length);
  wire.send(bytes.subarray(bytes.length - 1000));
  for (let chunk = await body.read(); chunk !== null; chunk = await body.read()) read += chunk.length;
  assert.equal(read, noise.length);
  assert.equal(transport.census().idle, 1);
});

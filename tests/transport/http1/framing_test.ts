import assert from "node:assert/strict";
import test from "node:test";
import { decodeLatin1 } from "../../../lib/core/bytes.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { failure, get } from "../../support/get.ts";
import { ok, ScriptedServer } from "../../support/scripted_server.ts";

const BAD_HEADS: readonly (readonly [what: string, answer: string, code: string, message: RegExp])[] = [
  [
    "a signed Content-Length",
    "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
    "badContentLength",
    /Content-Length "\+3"/,
  ],
  ["a negative Content-Length", "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n", "badContentLength", /"-3"/],
  ["an empty Content-Length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "badContentLength", /empty/],
  [
    "differing Content-Lengths",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "badContentLength",
    /multiple/,
  ],
  [
    "two Transfer-Encodings",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unsupportedTransferEncoding",
    /too many/,
  ],
  [
    "Transfer-Encoding: gzip, chunked",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "unsupportedTransferEncoding",
    /unsupported transfer encoding/,
  ],
  [
    "Transfer-Encoding: identity",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx",
    "unsupportedTransferEncoding",
    /unsupported transfer encoding/,
  ],
  ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "malformedStatusCode", /malformed HTTP status code/],
  ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", "malformedStatusCode", /malformed HTTP status code/],
  ["garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "malformedResponse", /malformed HTTP response "SSH-2.0-OpenSSH_9.2"/],
  ["HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "malformedVersion", /malformed HTTP version/],
  ["a header without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "malformedHeader", /malformed MIME header/],
  [
    "an announced forbidden trailer",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n0\r\n\r\n",
    "forbiddenTrailer",
    /trailer/,
  ],
];

for (const [what, answer, code, message] of BAD_HEADS) {
  test(`framing: ${what} is the server's fault, and closes the connection`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer));
    await using transport = new Transport();
    const error = await failure(transport.roundTrip({ url: server.url }));
    assert.deepEqual([error.name, error.code, error.side, error.phase], ["TransportError", code, "remote", "head"]);
    assert.match(error.message, /^HTTP\/1\.x transport connection broken: /);
    assert.match(error.message, message);
    assert.equal(transport.census().live, 0);
    assert.deepEqual(transport.census().totals.closed, { broken: 1 });
    assert.equal(server.dials, 1);
  });
}

test("framing: a space behind a name is a part of it, and the connection is kept", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nX-A : b\r\nX B: c\r\nContent-Length: 1\r\n\r\nx")
  );
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const { headers, body } = await transport.roundTrip({ url: server.url });
    assert.equal(await body.text(), "x");
    assert.deepEqual([...headers.keys()], ["content-length"]);
  }
  assert.equal(server.dials, 1);
});

for (const name of ["Content-Length", "Transfer-Encoding", "Connection", "Trailer"]) {
  test(`framing: a space behind ${name} is refused, for two could read it in two ways`, async () => {
    await using server = await ScriptedServer.start(({ socket }) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n${name} : 1\r\n\r\nx`)
    );
    await using transport = new Transport();
    assert.equal((await failure(transport.roundTrip({ url: server.url }))).code, "malformedHeader");
  });
}

test("framing: a later minor version of HTTP/1 is read as HTTP/1.1, and the connection is kept", async () => {
  for (const version of ["HTTP/1.2", "HTTP/1.9"]) {
    await using server = await ScriptedServer.start(({ socket }) =>
      socket.write(`${version} 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`)
    );
    await using transport = new Transport();
    for (let i = 0; i < 2; i++) {
      const { proto, body } = await transport.roundTrip({ url: server.url });
      assert.deepEqual([proto, await body.text()], [version, "x"]);
    }
    assert.equal(server.dials, 1);
  }
});

const LONG = [
  ["a Content-Length beyond 2^53", "Content-Length: 9007199254740993\r\n\r\nok"],
  ["a Content-Length of 2^63-1", "Content-Length: 9223372036854775807\r\n\r\nok"],
  ["a chunk of 2^64-1", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nok"],
] as const;

for (const [what, answer] of LONG) {
  test(`framing: ${what} is taken, and its body ends too early`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.end(`HTTP/1.1 200 OK\r\n${answer}`));
    await using transport = new Transport();
    const response = await transport.roundTrip({ url: server.url });
    assert.equal(response.status, 200);
    assert.equal(decodeLatin1((await response.body.read())!), "ok");
    await assert.rejects(response.body.read(), { code: "unexpectedEof", phase: "body" });
  });
}

test("framing: identical Content-Lengths are one", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx")
  );
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) assert.equal(await get(transport, server.url), "x");
  assert.equal(server.dials, 1);
});

test("framing: a head over the limit is an error that names the limit, one at the limit is none", async () => {
  const head = (bytes: number) => {
    const rest = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX: \r\n\r\n".length;
    return `HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX: ${"y".repeat(bytes - rest)}\r\n\r\nx`;
  };
  await using server = await ScriptedServer.start(({ socket, index }) => socket.write(head(65_536 + index)));
  await using transport = new Transport({ maxResponseHeaderBytes: 65_536 });
  assert.equal(await get(transport, server.url), "x");
  const error = await failure(get(transport, server.url));
  assert.match(error.message, /server response headers exceeded 65536 bytes/);
  assert.deepEqual([error.code, error.side], ["headTooLarge", "remote"]);
});

/** A response with this many fields beside its Content-Length. */
function manyFields(count: number, field: (index: number) => string): string {
  const fields = Array.from({ length: count }, (_, index) => `${field(index)}\r\n`).join("");
  return `HTTP/1.1 200 OK\r\n${fields}Content-Length: 1\r\n\r\nx`;
}

test("framing: a head with more fields than the limit is an error that names the limit", async () => {
  await using server = await ScriptedServer.start(({ socket, index }) =>
    socket.write(manyFields(4999 + index, (at) => `X-${at}: y`))
  );
  await using transport = new Transport();
  assert.equal(await get(transport, server.url), "x");
  const error = await failure(get(transport, server.url));
  assert.match(error.message, /server response has more than 5000 header fields/);
  assert.deepEqual([error.code, error.side, error.phase], ["tooManyFields", "remote", "head"]);
});

const MANY: readonly (readonly [what: string, field: (index: number) => string])[] = [
  ["40 000 distinct fields", (index) => `X-${index}: y`],
  ["40 000 fields of one name", () => "X: y"],
  ["40 000 cookies", (index) => `Set-Cookie: name${index}=y`],
];

for (const [what, field] of MANY) {
  test(`framing: of ${what} none is made a Headers of before somebody asks for one`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(manyFields(40_000, field)));
    await using transport = new Transport({ maxResponseHeaderFields: 50_000 });
    const { Headers } = globalThis;
    globalThis.Headers = class {
      constructor() {
        throw new Error("a Headers of 40 000 fields takes seconds");
      }
    } as unknown as typeof Headers;
    try {
      const response = await transport.roundTrip({ url: server.url });
      assert.equal(await response.body.text(), "x");
      assert.deepEqual(response.headerValues("content-length"), ["1"]);
    } finally {
      globalThis.Headers = Headers;
    }
  });
}

test("framing: a head that never ends is given up at the limit", async () => {
  await using server = await ScriptedServer.start(({ socket }) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    const more = () => void (socket.writable && socket.write(`X: ${"y".repeat(10_000)}\r\n`, more));
    more();
  });
  await using transport = new Transport();
  const error = await failure(get(transport, server.url));
  assert.match(error.message, /server response headers exceeded 10485760 bytes/);
});

const BAD_BODIES: readonly (readonly [what: string, body: string, code: string])[] = [
  ["a chunk line with a bare LF", "1\nx\r\n0\r\n\r\n", "malformedChunk"],
  ["a chunk that ends with a bare LF", "1\r\nx\n0\r\n\r\n", "malformedChunk"],
  ["a chunk longer than it says", "1\r\nxy\r\n0\r\n\r\n", "malformedChunk"],
  ["an empty chunk line", "\r\n", "malformedChunk"],
  ["a negative chunk", "-1\r\n", "malformedChunk"],
  ["a chunk of 17 digits", `${"1".repeat(17)}\r\n`, "malformedChunk"],
  ["a chunk line of 4 096 bytes", `1;${"x".repeat(4096)}\r\n`, "chunkLineTooLong"],
  ["too much in chunk extensions", `1;${"x".repeat(2000)}\r\nx\r\n`.repeat(12), "tooMuchChunkOverhead"],
  ["a trailer block that does not end", `0\r\n${`X: ${"y".repeat(100)}\r\n`.repeat(100)}`, "trailerTooLarge"],
  ["Content-Length in the trailers", "0\r\nContent-Length: 3\r\n\r\n", "forbiddenTrailer"],
  ["Transfer-Encoding in the trailers", "0\r\nTransfer-Encoding: chunked\r\n\r\n", "forbiddenTrailer"],
  ["Trailer in the trailers", "0\r\nTrailer: X\r\n\r\n", "forbiddenTrailer"],
];

for (const [what, bytes, code] of BAD_BODIES) {
  test(`framing: ${what} is an error of the body, and closes the connection`, async () => {
    await using server = await ScriptedServer.start(({ socket }) =>
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${bytes}`)
    );
    await using transport = new Transport();
    const { body } = await transport.roundTrip({ url: server.url });
    const error = await failure(body.bytes());
    assert.deepEqual([error.code, error.side, error.phase], [code, "remote", "body"]);
    assert.deepEqual(transport.census().totals.closed, { broken: 1 });
  });
}

test("framing: a chunked body that is malformed while it is drained closes the connection", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
  );
  await using transport = new Transport();
  (await transport.roundTrip({ url: server.url })).body.close();
  assert.equal(transport.census().inUse, 0);
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
});

test("framing: after every error the next request is fine", async () => {
  const answers = [...BAD_HEADS.map(([, answer]) => answer), ok("fine")];
  await using server = await ScriptedServer.start(({ socket, connection }) => socket.write(answers[connection]!));
  await using transport = new Transport({ maxConnsPerHost: 1 });
  for (const _ of BAD_HEADS) await failure(get(transport, server.url));
  assert.equal(await get(transport, server.url), "fine");
  assert.equal(transport.census().live, 1);
});

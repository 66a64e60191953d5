import assert from "node:assert/strict";
import test from "node:test";
import { concatBytes, encodeLatin1 } from "../../lib/core/bytes.ts";
import {
  DATA,
  DEFAULT_MAX_HEAD_BYTES,
  DEFAULT_MAX_HEAD_FIELDS,
  END,
  HEAD,
  NEED_DATA,
  ResponseParser,
} from "../../lib/http1/response_parser.ts";
import { RESPONSE_CASES, type ResponseCase } from "./response_cases.ts";
import { cutAt, read, singly, type Transcript } from "./transcript.ts";

/** A second response's first bytes: what no reading of the first may touch. */
const BEHIND = encodeLatin1("HTTP/1.1 500 Next\r\n\r\n");

function parserFor(one: ResponseCase): ResponseParser {
  const { maxHeadBytes = DEFAULT_MAX_HEAD_BYTES, maxHeadFields = DEFAULT_MAX_HEAD_FIELDS } = one;
  const parser = new ResponseParser({ maxHeadBytes, maxHeadFields });
  parser.begin(one.method === "HEAD");
  return parser;
}

function begun(): ResponseParser {
  const parser = new ResponseParser();
  parser.begin(false);
  return parser;
}

function check(one: ResponseCase, found: Transcript): void {
  const expected = one.expected;
  if ("error" in expected) {
    assert.equal(found.error?.code, expected.error, found.error?.message ?? "no error");
    assert.equal(found.error.side, "remote");
    assert.ok(found.error.message.includes(expected.says ?? ""), found.error.message);
    assert.equal(found.body, expected.body ?? "");
    assert.equal(found.ended, false);
    return;
  }
  assert.equal(found.error, null, found.error?.message);
  assert.equal(found.ended, true);
  assert.deepEqual(found.informational, expected.informational ?? []);
  assert.equal(found.body, expected.body ?? "");
  assert.deepEqual(found.trailers, expected.trailers ?? null);
  const head = found.head!;
  assert.equal(head.status, expected.status);
  assert.equal(head.contentLength, expected.contentLength);
  assert.equal(head.chunked, expected.chunked ?? false);
  assert.equal(head.untilClose, expected.untilClose ?? false);
  assert.equal(head.close, expected.close ?? false);
  if (expected.reason !== undefined) assert.equal(head.reason, expected.reason);
  if (expected.fields !== undefined) assert.deepEqual(head.fields, expected.fields);
}

for (const one of RESPONSE_CASES) {
  test(`parser: ${one.name}`, () => {
    const whole = read(parserFor(one), [one.bytes], true);
    check(one, whole);

    const bytewise = read(parserFor(one), singly(one.bytes), true);
    assert.deepEqual(bytewise, whole, "byte by byte");

    if (!("error" in one.expected) && !one.expected.untilClose) {
      const parser = parserFor(one);
      const withBehind = read(parser, [concatBytes([one.bytes, BEHIND])], false);
      assert.deepEqual(withBehind, whole, "with bytes behind");
      assert.deepEqual(parser.takeBuffered(), BEHIND);
      assert.equal(parser.buffered, 0);
    }
  });
}

test("parser: where the bytes are cut in two changes nothing", () => {
  for (const one of RESPONSE_CASES.filter((each) => each.bytes.length <= 400)) {
    const whole = read(parserFor(one), [one.bytes], true);
    for (let cut = 0; cut <= one.bytes.length; cut++) {
      assert.deepEqual(read(parserFor(one), cutAt(one.bytes, [cut]), true), whole, `${one.name}, cut at ${cut}`);
    }
  }
});

test("parser: bytes of the next response wait for begin", () => {
  const response = encodeLatin1("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  const parser = new ResponseParser();
  parser.begin(false);
  assert.equal(parser.started, false);
  assert.equal(read(parser, [concatBytes([response, response])], false).body, "hi");
  assert.equal(parser.buffered, response.length);
  assert.equal(parser.next(), NEED_DATA);
  parser.begin(false);
  assert.equal(parser.started, true);
  assert.equal(read(parser, [new Uint8Array(0)], false).body, "hi");
  assert.equal(parser.buffered, 0);
});

test("parser: the answer to HEAD leaves what follows alone, the answer to GET does not", () => {
  const bytes = encodeLatin1("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  for (const answersHead of [true, false]) {
    const parser = new ResponseParser();
    parser.begin(answersHead);
    const found = read(parser, [bytes], false);
    assert.equal(found.head?.hasBody, !answersHead);
    assert.equal(parser.buffered, answersHead ? 2 : 0);
  }
});

test("parser: a body that nobody asks for stays unread", () => {
  const view = encodeLatin1("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
  const parser = new ResponseParser();
  parser.begin(false);
  parser.receive(view);
  assert.equal(parser.next(), HEAD);
  parser.retain();
  view.fill(0);
  assert.equal(parser.buffered, 5);
  assert.equal(parser.head.status, 200);
  parser.receive(encodeLatin1("world"));
  assert.equal(parser.next(), DATA);
  assert.deepEqual(parser.data(), encodeLatin1("helloworld"));
  assert.equal(parser.next(), END);
});

test("parser: data is the lent view itself where it is wholly data", () => {
  const parser = new ResponseParser();
  parser.begin(false);
  parser.receive(encodeLatin1("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"));
  assert.equal(parser.next(), HEAD);
  assert.equal(parser.next(), NEED_DATA);
  parser.retain();
  const view = encodeLatin1("hello");
  parser.receive(view);
  assert.equal(parser.next(), DATA);
  assert.equal(parser.data(), view);
});

test("parser: a snapshot outlives the view, the parser's own head says that its text is gone", () => {
  const view = encodeLatin1("HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n");
  const parser = new ResponseParser();
  parser.begin(false);
  parser.receive(view);
  assert.equal(parser.next(), HEAD);
  const snapshot = parser.head.snapshot();
  parser.retain();
  view.fill(0);
  assert.equal(parser.head.status, 404);
  assert.throws(() => parser.head.headers(), /take a snapshot/);
  assert.throws(() => parser.head.reason(), /take a snapshot/);
  parser.begin(false);
  assert.equal(snapshot.status, 404);
  assert.equal(snapshot.protoMinor, 0);
  assert.equal(snapshot.close, true);
  assert.equal(snapshot.reason(), "Not Found");
  assert.deepEqual(snapshot.headers().getSetCookie(), ["a", "b"]);
  assert.equal(snapshot.headers().get("content-length"), "0");
});

test("parser: headers keep bytes above 0x7F as one character each", () => {
  const parser = new ResponseParser();
  parser.begin(true);
  parser.receive(encodeLatin1("HTTP/1.1 200 OK\r\nX-Name: Zo\xeb \x80\r\n\r\n"));
  assert.equal(parser.next(), HEAD);
  assert.equal(parser.head.headers().get("x-name"), "Zo\xeb \x80");
});

test("parser: trailers outlive the view", () => {
  const parser = new ResponseParser();
  parser.begin(false);
  read(parser, [encodeLatin1("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nDigest: abc\r\n\r\n")], false);
  assert.equal(parser.trailers?.headers().get("digest"), "abc");
  parser.begin(false);
  assert.equal(parser.trailers, null);
});

test("parser: what follows a 101 can be taken", () => {
  const view = encodeLatin1("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello");
  const parser = new ResponseParser();
  parser.begin(false);
  parser.receive(view);
  assert.equal(parser.next(), HEAD);
  assert.equal(parser.head.hasBody, false);
  const taken = parser.takeBuffered();
  view.fill(0);
  assert.deepEqual(taken, encodeLatin1("hello"));
  assert.equal(parser.buffered, 0);
});

test("parser: the first error is thrown again", () => {
  const parser = new ResponseParser();
  parser.begin(false);
  const error = read(parser, [encodeLatin1("nonsense\r\n")], false).error;
  assert.equal(error?.code, "malformedResponse");
  parser.receive(encodeLatin1("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  assert.throws(() => parser.next(), (again) => again === error);
});

test("parser: responses that come in pieces on several connections do not mix", () => {
  const texts = [
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    "HTTP/1.1 404 Not Found\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nDigest: z\r\n\r\n",
    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.0 500\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
  ];
  const wholes = texts.map((text) => read(begun(), [encodeLatin1(text)], false));
  const parsers = texts.map(() => begun());
  const heads: (number | undefined)[] = texts.map(() => undefined);
  const bodies = texts.map(() => "");
  const failed = new Set<number>();
  // In turns, byte by byte, so that each has a head open while the others begin, go on, end and fail.
  for (let at = 0; at < Math.max(...texts.map((text) => text.length)); at++) {
    for (const [i, text] of texts.entries()) {
      if (at >= text.length || failed.has(i)) continue;
      const found = read(parsers[i]!, [encodeLatin1(text[at]!)], false);
      heads[i] = found.head?.status ?? heads[i];
      bodies[i] += found.body;
      if (found.error !== null) failed.add(i);
    }
  }
  assert.deepEqual(heads, wholes.map((whole) => whole.head?.status));
  assert.deepEqual(bodies, wholes.map((whole) => whole.body));
  assert.deepEqual([...failed], [3]);
  assert.deepEqual(parsers[1]!.trailers?.rawHeaders(), [["Digest", "z"]]);
});

test("parser: forgiven 1xx heads do not count against the limit", () => {
  const early = encodeLatin1("HTTP/1.1 103 Early Hints\r\n\r\n");
  const parser = new ResponseParser({ maxHeadBytes: early.length + 20 });
  parser.begin(false);
  for (let i = 0; i < 10; i++) {
    assert.deepEqual(read(parser, [early], false).informational, [103]);
    parser.forgiveInformational();
  }
  assert.deepEqual(read(parser, [early], false).informational, [103]);
  assert.equal(read(parser, [early], false).error?.code, "headTooLarge");
});

test("parser: lengths above 2^31 are exact", () => {
  const parser = new ResponseParser();
  parser.begin(false);
  const found = read(parser, [encodeLatin1("HTTP/1.1 200 OK\r\nContent-Length: 9007199254740991\r\n\r\nx")], false);
  assert.equal(found.head?.contentLength, Number.MAX_SAFE_INTEGER);
  assert.equal(found.body, "x");
});

test("parser: a large head that comes byte by byte is read in linear time", () => {
  // Read again from its start at each byte, these two would take 10^12 steps.
  const value = encodeLatin1(`HTTP/1.1 200 OK\r\nX: ${"y".repeat(1 << 20)}\r\nContent-Length: 0\r\n\r\n`);
  const folds = encodeLatin1(`HTTP/1.1 200 OK\r\nX: y\r\n${" z\r\n".repeat(1 << 18)}Content-Length: 0\r\n\r\n`);
  for (const bytes of [value, folds]) {
    const parser = new ResponseParser();
    parser.begin(false);
    for (let i = 0; i < bytes.length - 1; i++) {
      parser.receive(bytes.subarray(i, i + 1));
      assert.equal(parser.next(), NEED_DATA);
      parser.retain();
    }
    assert.equal(read(parser, [bytes.subarray(-1)], false).head?.status, 200);
  }
});

test("head: the values of one name come in any case, unfolded, in the order of the wire", () => {
  const parser = begun();
  parser.receive(encodeLatin1(
    "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: set-cookie: no\r\nset-cookie:\r\n\tb=2\r\n c\r\nSET-COOKIE:\r\n\r\n",
  ));
  assert.equal(parser.next(), HEAD);
  assert.deepEqual(parser.head.values("Set-Cookie"), ["a=1", "b=2 c", ""]);
  assert.deepEqual(parser.head.values("Set-Cooki"), []);
});

import assert from "node:assert/strict";
import test from "node:test";
import { encodeLatin1 } from "../../lib/core/bytes.ts";
import { DATA, END, HEAD, ResponseParser } from "../../lib/http1/response_parser.ts";

const buffer = new Uint8Array(4096);
let lent = buffer;

/** In the one buffer that an adapter reads into. */
function inBuffer(text: string): Uint8Array {
  buffer.set(encodeLatin1(text));
  if (lent.length !== text.length) lent = buffer.subarray(0, text.length);
  return lent;
}

/** A whole answer, read: its status, its body's length by the head, whether the connection is kept, and its first field. */
function read(parser: ResponseParser, text: string, answersHead = false, lend = encodeLatin1): unknown[] {
  parser.begin(answersHead);
  parser.receive(lend(text));
  assert.equal(parser.next(), HEAD);
  const { head } = parser;
  const told = [head.status, head.protoMinor, head.contentLength, head.hasBody, head.close, head.rawHeaders()[0]];
  let event = parser.next();
  while (event === DATA) event = parser.next();
  assert.equal(event, END);
  parser.retain();
  return told;
}

test("head memo: of heads that differ in one byte each says its own", () => {
  const answer = "HTTP/1.1 200 OK\r\nServer: a\r\nContent-Length: 3\r\nConnection: alive\r\n\r\nabc";
  const parser = new ResponseParser();
  const variants: [text: string, told: unknown[]][] = [
    [answer.replace("200", "201"), [201, 1, 3, true, false, ["Server", "a"]]],
    [answer.replace("1.1", "1.0"), [200, 0, 3, true, true, ["Server", "a"]]],
    [answer.replace("Length: 3", "Length: 2").replace("abc", "ab"), [200, 1, 2, true, false, ["Server", "a"]]],
    [answer.replace("Server: a", "Server: b"), [200, 1, 3, true, false, ["Server", "b"]]],
    [answer.replace("alive", "close"), [200, 1, 3, true, true, ["Server", "a"]]],
    [answer.replace("Length: 3", "Length: 0").replace("abc", ""), [200, 1, 0, false, false, ["Server", "a"]]],
    [answer.replace("200 OK", "204 OK").replace("abc", ""), [204, 1, 0, false, false, ["Server", "a"]]],
  ];
  for (const lend of [encodeLatin1, inBuffer]) {
    for (const [text, told] of variants) {
      for (let times = 0; times < 3; times++) {
        assert.deepEqual(read(parser, answer, false, lend), [200, 1, 3, true, false, ["Server", "a"]]);
      }
      for (let times = 0; times < 3; times++) assert.deepEqual(read(parser, text, false, lend), told, text);
    }
  }
});

test("head memo: an answer to HEAD is none to GET, and the other way round", () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
  const parser = new ResponseParser();
  const field = ["Content-Length", "3"];
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(read(parser, head, true), [200, 1, 3, false, false, field]);
    assert.deepEqual(read(parser, `${head}abc`), [200, 1, 3, true, false, field]);
  }
});

test("head memo: a head that is known still counts against its limit", () => {
  const text = "HTTP/1.1 200 OK\r\nServer: somebody\r\nContent-Length: 0\r\n\r\n";
  read(new ResponseParser(), text);
  const parser = new ResponseParser({ maxHeadBytes: text.length - 1 });
  parser.begin(false);
  parser.receive(encodeLatin1(text));
  assert.throws(() => parser.next(), { code: "headTooLarge" });
});

test("head memo: a head that is known still counts against the limit of another parser on fields", () => {
  const text = "HTTP/1.1 200 OK\r\nServer: somebody\r\nContent-Length: 0\r\n\r\n";
  read(new ResponseParser(), text);
  const parser = new ResponseParser({ maxHeadFields: 1 });
  parser.begin(false);
  parser.receive(encodeLatin1(text));
  assert.throws(() => parser.next(), { code: "tooManyFields" });
});

test("head memo: a head too long to be kept is read each time", () => {
  const long = `HTTP/1.1 200 OK\r\nX: ${"x".repeat(1100)}\r\nContent-Length: 1\r\n\r\na`;
  const parser = new ResponseParser();
  read(parser, "HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\na");
  for (let times = 0; times < 2; times++) assert.equal(read(parser, long)[0], 200);
});

import assert from "node:assert/strict";
import test from "node:test";
import { decodeLatin1 } from "../../../lib/core/bytes.ts";
import { encodingOf } from "../../../lib/transport/http1/request_encoding.ts";
import {
  type GappedRequest,
  PreparedRequest,
  type TransportRequest,
} from "../../../lib/transport/request/prepared_request.ts";
import { Transport } from "../../../lib/transport/transport.ts";

const transport = new Transport({ disableCompression: true });
const LARGE = "x".repeat(64 * 1024 + 1);

function encoded(request: TransportRequest) {
  return encodingOf(transport.prepare(request));
}

test("request encoding: made when it is first asked for, once", () => {
  const request = transport.prepare({ url: "http://h/" });
  assert.equal(request.http1, undefined);
  const first = encodingOf(request);
  assert.equal(encodingOf(request), first);
  assert.equal(encodingOf(request).bytes, first.bytes);
});

test("request encoding: a small body goes out with its head, a large one and one that waits for a 100 behind it", () => {
  const url = "http://h/";
  const small = encoded({ url, method: "POST", body: "small" });
  assert.match(decodeLatin1(small.bytes), /\r\n\r\nsmall$/);
  assert.equal(small.laterBody, undefined);
  const body = new TextEncoder().encode(LARGE);
  const large = encoded({ url, method: "POST", body });
  assert.match(decodeLatin1(large.bytes), /\r\nContent-Length: 65537\r\n\r\n$/);
  assert.equal(large.laterBody, body, "a copy");
  const waiting = encoded({ url, method: "POST", body: "wait", headers: { expect: "100-continue" } });
  assert.equal(decodeLatin1(waiting.laterBody!), "wait");
});

test("request encoding: a head without framing is at hand where a streamed body may turn out empty", () => {
  const body = () => (async function* () {})();
  const { bytes, headIfEmpty } = encoded({ url: "http://h/", body: body() });
  assert.match(decodeLatin1(bytes), /Transfer-Encoding: chunked/);
  assert.equal(decodeLatin1(headIfEmpty!), "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: loadgen/0.1\r\n\r\n");
  assert.equal(encoded({ url: "http://h/", method: "POST", body: body() }).headIfEmpty, undefined);
  assert.equal(encoded({ url: "http://h/", body: body(), contentLength: 3 }).headIfEmpty, undefined);
});

test("request encoding: the target is a path, a whole URI for a proxy, an authority for CONNECT", () => {
  const lineOf = (request: TransportRequest, by = transport) =>
    decodeLatin1(encodingOf(by.prepare(request)).bytes).split("\r\n", 1)[0];
  const proxied = new Transport({ proxy: "http://proxy.test:3128" });
  assert.equal(lineOf({ url: "http://h:81/a?b#c" }), "GET /a?b HTTP/1.1");
  assert.equal(lineOf({ url: "http://h:81/a?b#c" }, proxied), "GET http://h:81/a?b HTTP/1.1");
  assert.equal(lineOf({ url: "http://h/", headers: { host: "o.test" } }, proxied), "GET http://o.test/ HTTP/1.1");
  assert.equal(lineOf({ url: "http://h/", headers: { host: "" } }, proxied), "GET http://h/ HTTP/1.1");
  assert.equal(lineOf({ url: "http://h:81/", method: "CONNECT" }), "CONNECT h:81 HTTP/1.1");
  assert.equal(lineOf({ url: "http://h:81/a", method: "CONNECT" }), "CONNECT /a HTTP/1.1");
});

test("request encoding: what goes out in one piece and leaves the connection as it is can be pipelined", () => {
  const url = "http://h/";
  const cases: [pipelinable: boolean, request: TransportRequest][] = [
    [true, { url }],
    [true, { url, method: "POST", body: "small" }],
    [false, { url, method: "POST", body: LARGE }],
    [false, { url, close: true }],
    [false, { url, method: "CONNECT" }],
    [false, { url, headers: { connection: "upgrade", upgrade: "x" } }],
    [false, { url, method: "POST", body: (async function* () {})() }],
  ];
  for (const [pipelinable, request] of cases) assert.equal(encoded(request).pipelinable, pipelinable);
});

test("request encoding: a value may stand in head and body, more than once", () => {
  const request: GappedRequest = {
    method: "PUT",
    origin: "http://h",
    path: ["/", 1, "/", 0],
    headers: [["x", [0, "-", 0]]],
    body: [0, "é", 1, 0],
  };
  const form = transport.prepareForm(request);
  const lines = (values: string[]) => decodeLatin1(encodingOf(new PreparedRequest(form, values)).bytes).split("\r\n");
  assert.deepEqual(lines(["\xfc", "b"]), [
    "PUT /b/\xfc HTTP/1.1",
    "Host: h",
    "User-Agent: loadgen/0.1",
    "Content-Length: 7",
    "x: \xfc-\xfc",
    "",
    "\xc3\xbc\xc3\xa9b\xc3\xbc",
  ]);
  assert.equal(lines(["", ""])[3], "Content-Length: 2");
});

test("request encoding: a form through a proxy has its gaps in the whole URI", () => {
  const proxied = new Transport({ proxy: "http://proxy.test:3128" });
  const headers = [["Host", [0, ".test"]]] as const;
  const form = proxied.prepareForm({ method: "GET", origin: "http://h", path: ["/", 1], headers, body: "" });
  const text = decodeLatin1(encodingOf(new PreparedRequest(form, ["a", "b"])).bytes);
  assert.match(text, /^GET http:\/\/a\.test\/b HTTP\/1\.1\r\nHost: a\.test\r\n/);
});

import assert from "node:assert/strict";
import test from "node:test";
import { ProtocolError } from "../../../lib/http1/protocol_error.ts";
import { PreparedRequest, type TransportRequest } from "../../../lib/transport/request/prepared_request.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { TransportError } from "../../../lib/transport/transport_error.ts";

const URL = "http://example.test:81/a?b#c";
const transport = new Transport();

const REFUSED: readonly [code: string, request: TransportRequest][] = [
  ["badMethod", { url: URL, method: "G T" }],
  ["badMethod", { url: URL, method: "" }],
  ["badHost", { url: URL, headers: { host: "a b" } }],
  ["badHeaderName", { url: URL, headers: { "x y": "1" } }],
  ["badHeaderValue", { url: URL, headers: { x: "1\r\ny: 2" } }],
  ["badHeaderValue", { url: URL, headers: { "user-agent": "\n" } }],
  ["badHeaderValue", { url: URL, headers: { connection: "close, \0" } }],
  ["badContentLength", { url: URL, method: "POST", body: (async function* () {})(), contentLength: 1.5 }],
  ["badBody", { url: URL, body: 5 as unknown as string }],
  ["invalidUrl", { url: "/a" }],
  ["unsupportedScheme", { url: "ftp://h/" }],
];

for (const [code, request] of REFUSED) {
  test(`prepared request: ${code} is refused as it is prepared, before a byte of it is made`, () => {
    assert.throws(() => transport.prepare(request), (error) => {
      assert.ok(error instanceof TransportError);
      assert.deepEqual([error.code, error.side, error.phase], [code, "local", "write"]);
      return true;
    });
  });
}

test("prepared request: what the codec refuses is the cause", () => {
  assert.throws(() => transport.prepare({ url: URL, method: "G T" }), ({ cause }) => cause instanceof ProtocolError);
});

test("prepared request: it keeps what is said, whatever the protocol", () => {
  const headers = { "X-A": "1", "x-a": "2", expect: "100-continue", host: "other.test" };
  const request = transport.prepare({ url: URL, method: "PUT", headers, body: "é" });
  const { method, path, authority, fields, body, added } = request.form;
  assert.equal(request.url, URL);
  assert.deepEqual([method, path, authority], ["PUT", "/a?b", "other.test"]);
  assert.deepEqual(fields, Object.entries(headers));
  assert.deepEqual(body, { kind: "bytes", bytes: Uint8Array.of(0xc3, 0xa9) });
  assert.deepEqual(added, [["Accept-Encoding", "gzip"]]);
  assert.deepEqual([request.close, request.replayable, request.expectsContinue], [false, false, true]);
});

test("prepared request: a form's sendings differ by their values alone", () => {
  const form = transport.prepareForm({
    method: "GET",
    origin: "http://example.test:81",
    path: ["/", 0, "?", 1],
    headers: [["host", [1, ".test"]], ["x", "y"]],
    body: "",
  });
  assert.equal(new PreparedRequest(form, ["a", "b"]).url, "http://example.test:81/a?b");
  assert.deepEqual(form.authority, [1, ".test"]);
  assert.equal(form.route.key, transport.prepare({ url: URL }).route.key);
});

test("prepared request: constant text between gaps is held to the same rules", () => {
  const good = { method: "GET", origin: "http://h", path: ["/", 0], headers: [], body: "" };
  const refused: [code: string, more: object][] = [
    ["badTarget", { path: ["/a b", 0] }],
    ["badHost", { headers: [["Host", [0, "/"]]] }],
    ["badHeaderValue", { headers: [["X", [0, "\n"]]] }],
    ["badHeaderName", { headers: [["X:", [0]]] }],
  ];
  for (const [code, more] of refused) {
    assert.throws(() => transport.prepareForm({ ...good, ...more }), { code });
  }
});

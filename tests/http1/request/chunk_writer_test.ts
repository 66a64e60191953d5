import assert from "node:assert/strict";
import test from "node:test";
import { concatBytes, decodeLatin1, encodeLatin1 } from "../../../lib/core/bytes.ts";
import { CHUNK_END, encodeChunk, encodeChunkHeader, LAST_CHUNK } from "../../../lib/http1/request/chunk_writer.ts";
import { ResponseParser } from "../../../lib/http1/response_parser.ts";
import { read } from "../transcript.ts";

test("chunk writer: a chunk is its size in hexadecimal, its data and a CRLF", () => {
  assert.equal(decodeLatin1(encodeChunk(encodeLatin1("hello"))), "5\r\nhello\r\n");
  assert.equal(decodeLatin1(encodeChunkHeader(65535)), "ffff\r\n");
  assert.equal(decodeLatin1(CHUNK_END), "\r\n");
  assert.equal(decodeLatin1(LAST_CHUNK), "0\r\n\r\n");
});

test("chunk writer: no data is no chunk, since a chunk of 0 bytes ends the body", () => {
  assert.equal(encodeChunk(new Uint8Array(0)).length, 0);
  for (const length of [0, -1, 1.5, NaN, 2 ** 53]) assert.throws(() => encodeChunkHeader(length), RangeError);
});

test("chunk writer: what it writes, the response parser reads", () => {
  const parts = ["a", "bc".repeat(1000), "\r\n0\r\n\r\n"];
  const head = encodeLatin1("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  const parser = new ResponseParser();
  parser.begin(false);
  const chunks = parts.map((part) => encodeChunk(encodeLatin1(part)));
  const found = read(parser, [concatBytes([head, ...chunks, LAST_CHUNK])], false);
  assert.equal(found.body, parts.join(""));
  assert.equal(found.ended, true);
});

import assert from "node:assert/strict";
import test from "node:test";
import { concatBytes, copyBytes, decodeLatin1, encodeLatin1, NO_BYTES } from "../../lib/core/bytes.ts";

test("bytes: every byte is one character, there and back", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const text = decodeLatin1(all);
  assert.equal(text.length, 256);
  for (let i = 0; i < 256; i++) assert.equal(text.charCodeAt(i), i);
  assert.deepEqual(encodeLatin1(text), all);
});

test("bytes: text longer than one call's arguments is decoded whole", () => {
  const text = "0123456789".repeat(100_000);
  assert.equal(decodeLatin1(encodeLatin1(text)), text);
});

test("bytes: a part is decoded from start to end", () => {
  const bytes = encodeLatin1("hello world");
  assert.equal(decodeLatin1(bytes, 6), "world");
  assert.equal(decodeLatin1(bytes, 2, 5), "llo");
  assert.equal(decodeLatin1(bytes, 5, 5), "");
});

test("bytes: a character above U+00FF is refused", () => {
  assert.throws(() => encodeLatin1("a\u0100"), RangeError);
  assert.throws(() => encodeLatin1("\u{1f600}"), RangeError);
});

test("bytes: a copy shares nothing, and is exactly as long as what was copied", () => {
  const bytes = encodeLatin1("hello");
  const copies = [copyBytes(bytes), copyBytes(bytes, 1), copyBytes(bytes, 1, 3), copyBytes(bytes, 2, 2)];
  bytes.fill(0);
  assert.deepEqual(copies.map((copy) => decodeLatin1(copy)), ["hello", "ello", "el", ""]);
  assert.deepEqual(copies.map((copy) => copy.buffer.byteLength), [5, 4, 2, 0]);
});

test("bytes: parts are joined in order", () => {
  assert.deepEqual(concatBytes([encodeLatin1("a"), NO_BYTES, encodeLatin1("bc")]), encodeLatin1("abc"));
  assert.equal(concatBytes([]).length, 0);
});

import assert from "node:assert/strict";
import test from "node:test";
import { toAscii } from "../../../lib/report/text/ascii.ts";
import { beside, flow, truncate, truncateMiddle, widthOf, wrap } from "../../../lib/report/text/layout.ts";

test("layout: prose wraps at spaces, and a word that is too long is broken", () => {
  assert.deepEqual(wrap("the read loop waits", 10), ["the read", "loop waits"]);
  assert.deepEqual(wrap("a abcdefghijkl b", 5), ["a", "abcde", "fghij", "kl b"]);
  assert.deepEqual(wrap("", 10), []);
});

test("layout: widths count terminal columns, wide characters twice and colours not at all", () => {
  assert.equal(widthOf("負荷"), 4);
  assert.equal(widthOf("\x1b[31mred\x1b[39m"), 3);
  assert.deepEqual(wrap("負荷 負荷", 5), ["負荷", "負荷"]);
  assert.equal(truncate("負荷負荷", 5), "負荷…");
});

test("layout: what is cut says so", () => {
  assert.equal(truncate("abcdef", 6), "abcdef");
  assert.equal(truncate("abcdefg", 6), "abcde…");
  assert.equal(truncateMiddle("results-of-monday", 9), "resu…nday");
  assert.equal(truncateMiddle("short", 9), "short");
  assert.ok(widthOf(truncateMiddle("負荷試験の結果ファイル", 10)) <= 10);
});

test("layout: phrases stay whole while the width allows it", () => {
  assert.deepEqual(flow(["200: 4,990", "503: 10"], 24), ["200: 4,990 · 503: 10"]);
  assert.deepEqual(flow(["200: 4,990", "503: 10"], 12), ["200: 4,990", "503: 10"]);
});

test("layout: of two blocks beside each other, the right one starts in one column", () => {
  const lines = beside(["a", "\x1b[1mbbb\x1b[22m"], ["x", "y", "z"], 5);
  assert.deepEqual(lines, ["a    x", "\x1b[1mbbb\x1b[22m  y", "     z"]);
});

test("ascii: every character becomes one of the same width", () => {
  const text = "1.42 µs ▏█▄ ╭─╮ ✓ ✗ ★ ◂ 負荷 → × … ±";
  const ascii = toAscii(text);
  assert.match(ascii, /^[ -~]+$/);
  assert.equal(ascii.length, widthOf(text));
  assert.equal(toAscii("\x1b[31mµ\x1b[39m\n"), "\x1b[31mu\x1b[39m\n");
});

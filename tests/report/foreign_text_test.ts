import assert from "node:assert/strict";
import test from "node:test";
import { plain, sentence } from "../../lib/report/foreign_text.ts";

test("foreign text: it cannot drive the terminal", () => {
  assert.equal(plain("leak\x1b[2J\r\n\u202etest\x9b"), "leak [2J test");
});

test("foreign text: a reason becomes a sentence", () => {
  assert.equal(sentence("nothing leaks\n"), "Nothing leaks");
  assert.equal(sentence(""), "");
});

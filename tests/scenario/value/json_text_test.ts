import assert from "node:assert/strict";
import test from "node:test";
import { JsonText } from "../../../lib/scenario/value/json_text.ts";

test("json: what is broken is named with its line and column", () => {
  const cases: [text: string, message: string][] = [
    ["", "x.json: expected JSON, got the end of the text in line 1, column 1"],
    ['{"a": 1,}', 'x.json: expected JSON, got "}" in line 1, column 9'],
    ['{\n  "a": 1\n  "b": 2\n}', 'x.json: expected JSON, got "\\"" in line 3, column 3'],
    ['{\n  "a": tru\n}', 'x.json: expected JSON, got "tru" in line 2, column 8'],
    ['{"a": "x', "x.json: expected JSON, got the end of the text in line 1, column 9"],
    ['{"a": 1} {}', 'x.json: expected JSON, got "{" in line 1, column 10'],
    ['{"a": /* no */ 1}', 'x.json: expected JSON, got "/" in line 1, column 7'],
    ['{\r\n"a": "b\n"}', "x.json: expected JSON, got an unescaped control character in line 2, column 8"],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => new JsonText(text, "x.json"), { name: "UsageError", message });
  }
});

test("json: what is nested deeper than any scenario is refused, and 100 levels are not", () => {
  const nested = (depth: number) => '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
  assert.equal(new JsonText(nested(99), "x.json").repeated(), undefined);
  for (const depth of [101, 5_000, 200_000]) {
    const message = "x.json: expected JSON at most 100 levels deep";
    assert.throws(() => new JsonText(nested(depth), "x.json"), { name: "UsageError", message });
  }
  assert.throws(() => new JsonText('{"a":'.repeat(200_000), "x.json"), { name: "UsageError" });
});

test("json: a byte order mark in front is ignored", () => {
  assert.deepEqual(new JsonText('\uFEFF{"a": 1}', "x.json").value, { a: 1 });
});

test("json: a field's place is found, or that of the nearest one above it", () => {
  const json = new JsonText('{\n  "a": [1,\n    {"b": 2}]\n}', "x.json");
  assert.deepEqual(pick(json.position(["a", 1, "b"])), [3, 11]);
  assert.deepEqual(pick(json.position(["a", 1, "c"])), [3, 5]);
  assert.deepEqual(pick(json.position([])), [1, 1]);

  function pick({ line, column }: { line: number; column: number }): number[] {
    return [line, column];
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import { decodeLatin1, encodeLatin1 } from "../../lib/core/bytes.ts";
import { GappedBytes, type GappedPart } from "../../lib/core/gapped_bytes.ts";

function filled(parts: readonly (string | number)[], values: readonly string[]): string {
  const bytes = parts.map((part): GappedPart => typeof part === "string" ? encodeLatin1(part) : part);
  return decodeLatin1(new GappedBytes(bytes).fill(values));
}

test("gapped bytes: values stand in the gaps, in whatever order and however often", () => {
  const cases: [parts: (string | number)[], values: string[], wanted: string][] = [
    [[], [], ""],
    [[0], ["a"], "a"],
    [[0, 1], ["a", "b"], "ab"],
    [["-", 1, "-", 0, "-", 1], ["a", "bc"], "-bc-a-bc"],
    [["a", "b", 0, "c", "d"], ["\xe9\xff"], "ab\xe9\xffcd"],
    [["a", 0, "b"], [""], "ab"],
    [["a", 0], ["x".repeat(100_000)], `a${"x".repeat(100_000)}`],
  ];
  for (const [parts, values, wanted] of cases) assert.equal(filled(parts, values), wanted);
});

test("gapped bytes: without a gap nothing is copied", () => {
  const constant = encodeLatin1("constant");
  assert.equal(new GappedBytes([constant]).fill([]), constant);
});

test("gapped bytes: what was filled before stays as it is", () => {
  const bytes = new GappedBytes([encodeLatin1("<"), 0, encodeLatin1(">")]);
  const all = Array.from({ length: 20_000 }, (_, index) => bytes.fill([String(index)]));
  all.forEach((one, index) => assert.equal(decodeLatin1(one), `<${index}>`));
});

import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { collectGarbage } from "../../lib/record/collect_garbage.ts";

const MIB = 2 ** 20;

test("collect garbage: what nobody refers to is gone", () => {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const hold = Array.from({ length: 200_000 }, (_, i) => ({ i, own: [i] }));
  assert.ok(process.memoryUsage().heapUsed - before > 8 * MIB);
  hold.length = 0;
  collectGarbage();
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 2 * MIB, `${grown} bytes more`);
});

test("collect garbage: no other code gets the means to it", () => {
  if ("gc" in globalThis) return assert.fail("a runtime that has it anyway cannot show this");
  collectGarbage();
  assert.equal("gc" in globalThis, false);
});

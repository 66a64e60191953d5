import assert from "node:assert/strict";
import test from "node:test";
import { collectGarbage } from "../../lib/record/collect_garbage.ts";

test("collect garbage: what nobody refers to is gone, and what somebody holds is not", async () => {
  const dropped = Array.from({ length: 1000 }, (_, i) => new WeakRef({ i }));
  const held = Array.from({ length: 1000 }, (_, i) => ({ i }));
  const refs = held.map((object) => new WeakRef(object));
  await new Promise((resolve) => setTimeout(resolve, 5)); // what was looked at through a WeakRef lives until then
  collectGarbage();
  // JavaScriptCore takes what looks like a pointer on the stack for one
  assert.ok(dropped.filter((ref) => ref.deref() !== undefined).length < 100);
  assert.equal(refs.filter((ref) => ref.deref() !== undefined).length, held.length);
});

test("collect garbage: no other code gets the means to it", () => {
  if ("gc" in globalThis) return assert.fail("a runtime that has it anyway cannot show this");
  collectGarbage();
  assert.equal("gc" in globalThis, false);
});

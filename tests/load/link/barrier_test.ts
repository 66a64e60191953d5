import assert from "node:assert/strict";
import test from "node:test";
import { Barrier } from "../../../lib/load/link/barrier.ts";

async function isPassed(barrier: Barrier): Promise<boolean> {
  const passed = barrier.passed.then(() => true);
  return await Promise.race([passed, new Promise<boolean>((resolve) => setTimeout(resolve, 5, false))]);
}

test("barrier: it is passed once each party has come, however often one of them comes", async () => {
  const barrier = new Barrier(3);
  barrier.arrive(0);
  barrier.arrive(2);
  barrier.arrive(2);
  assert.equal(await isPassed(barrier), false);
  barrier.arrive(1);
  assert.equal(await isPassed(barrier), true);
});

test("barrier: one party that never comes fails it for all, and who comes after that changes nothing", async () => {
  const barrier = new Barrier(2);
  barrier.fail(new Error("gone"));
  barrier.arrive(0);
  barrier.arrive(1);
  await assert.rejects(barrier.passed, /gone/);
});

import assert from "node:assert/strict";
import test from "node:test";
import { systemClock } from "../../lib/core/clock.ts";

test("clock: a delay beyond what the runtimes can count is a long one", async () => {
  const fired: number[] = [];
  const timers = [Infinity, 2 ** 31, 1e12].map((delayMs) => systemClock.setTimer(delayMs, () => fired.push(delayMs)));
  await new Promise<void>((resolve) => systemClock.setTimer(20, resolve));
  for (const timer of timers) timer.clear();
  assert.deepEqual(fired, []);
});

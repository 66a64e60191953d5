import assert from "node:assert/strict";
import test from "node:test";
import { constantRate } from "../../../lib/load/schedule/rate_schedule.ts";

test("schedule: request i is due at i/rps, up to 10⁹ requests and 10⁶ rps without drift", () => {
  for (
    const [rps, index, dueMs] of [[500, 0, 0], [500, 1, 2], [3, 3, 1000], [1e6, 1e9, 1e6], [0.1, 6, 60_000]] as const
  ) {
    assert.equal(constantRate(rps).dueMs(index), dueMs);
  }
});

test("schedule: what is due before an instant agrees with when each is due", () => {
  for (const rps of [0.3, 1, 3, 7, 99.9, 500, 1000, 12_345.6, 1e6]) {
    const schedule = constantRate(rps);
    for (const elapsedMs of [-1, 0, 0.5, 1, 2, 1000, 9_999.999, 10_000, 3_600_000]) {
      const due = schedule.dueBefore(elapsedMs);
      if (due > 0) assert.ok(schedule.dueMs(due - 1) < elapsedMs, `${rps} rps, ${elapsedMs} ms`);
      assert.ok(schedule.dueMs(due) >= elapsedMs || elapsedMs <= 0, `${rps} rps, ${elapsedMs} ms`);
    }
  }
});

test("schedule: 500 rps for 10 s are exactly 5,000 requests", () => {
  assert.equal(constantRate(500).dueBefore(10_000), 5000);
});

test("schedule: a constant rate has no end", () => {
  const { count, endMs, rps } = constantRate(500);
  assert.deepEqual([count, endMs, rps], [Infinity, Infinity, 500]);
  assert.equal(constantRate(500).rpsAt(1e9), 500);
  assert.equal(constantRate(500).rpsAt(-1), 0);
});

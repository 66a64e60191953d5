import assert from "node:assert/strict";
import test from "node:test";
import { constantRate } from "../../../lib/load/schedule/rate_schedule.ts";
import { everyNth } from "../../../lib/load/schedule/every_nth.ts";
import { KINDS } from "./kinds.ts";

/** Enough of a schedule without end. */
const ENOUGH = 4000;

for (const [kind, whole] of Object.entries(KINDS)) {
  for (const n of [1, 2, 3, 7]) {
    test(`every nth: ${n} of ${kind} are the whole schedule, request for request`, () => {
      const shards = Array.from({ length: n }, (_, k) => everyNth(whole, k, n));
      const count = whole.count < Infinity ? whole.count : ENOUGH;
      const places = shards.map(() => 0);
      for (let i = 0; i < count; i++) {
        assert.equal(shards[i % n]!.dueMs(places[i % n]!++), whole.dueMs(i));
      }
      for (const one of shards) {
        assert.equal(one.endMs, whole.endMs);
        if (one.count < Infinity) assert.equal(one.dueMs(one.count), Infinity);
      }
      if (whole.count < Infinity) {
        assert.deepEqual(places, shards.map((one) => one.count));
        assert.equal(sum(shards.map((one) => one.count)), whole.count);
      }
      for (let elapsedMs = -100; elapsedMs < 7000; elapsedMs += 61.7) {
        assert.equal(sum(shards.map((one) => one.dueBefore(elapsedMs))), whole.dueBefore(elapsedMs));
        assert.ok(Math.abs(sum(shards.map((one) => one.rpsAt(elapsedMs))) - whole.rpsAt(elapsedMs)) < 1e-6);
      }
    });
  }
}

test("every nth: of fewer requests than shards, some have none", () => {
  const counts = [0, 1, 2, 3].map((k) => everyNth(KINDS["a replay"]!, 1498 + k, 1502).count);
  assert.deepEqual(counts, [1, 1, 0, 0]);
});

test("every nth: the billionth request is in its shard when it is due in the whole", () => {
  assert.equal(1e9 % 7, 6);
  assert.equal(everyNth(constantRate(1e6), 6, 7).dueMs((1e9 - 6) / 7), 1e6);
});

test("every nth: one that there is not is refused", () => {
  for (const [k, n] of [[-1, 2], [2, 2], [0, 0], [0.5, 2], [0, 1.5], [NaN, 1]] as const) {
    assert.throws(() => everyNth(constantRate(1), k, n), RangeError);
  }
});

function sum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

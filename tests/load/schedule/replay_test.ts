import assert from "node:assert/strict";
import test from "node:test";
import { replay } from "../../../lib/load/schedule/replay.ts";

test("replay: requests are due when they are told to be, several at once if need be", () => {
  const schedule = replay([0, 10, 10, 10, 2500]);
  assert.deepEqual([schedule.count, schedule.endMs, schedule.rps], [5, 2500, 2]);
  assert.deepEqual([0, 1, 3, 4, 5].map((index) => schedule.dueMs(index)), [0, 10, 10, 2500, Infinity]);
  const rows = [[-1, 0], [0, 0], [0.001, 1], [10, 1], [10.001, 4], [2500, 4], [2501, 5], [Infinity, 5]] as const;
  for (const [elapsedMs, due] of rows) assert.equal(schedule.dueBefore(elapsedMs), due, `before ${elapsedMs} ms`);
});

test("replay: it is cut at an instant", () => {
  const schedule = replay([0, 10, 20, 30], 20);
  assert.deepEqual([schedule.count, schedule.endMs, schedule.dueMs(2)], [2, 20, Infinity]);
  assert.equal(schedule.dueBefore(1000), 2);
  assert.deepEqual([replay([0, 10], 50).count, replay([0, 10], 50).endMs], [2, 10]);
});

test("replay: the rate in an instant is that of the second around it", () => {
  const schedule = replay(Array.from({ length: 100 }, (_, i) => i < 50 ? i * 20 : 1000 + (i - 50) * 100));
  for (const [elapsedMs, rps] of [[0, 50], [500, 50], [3000, 10], [-1, 0], [5900, 0]] as const) {
    assert.equal(schedule.rpsAt(elapsedMs), rps, `at ${elapsedMs} ms`);
  }
});

test("replay: of no requests, and of one", () => {
  assert.deepEqual([replay([]).count, replay([]).endMs, replay([]).rps, replay([]).rpsAt(0)], [0, 0, 0, 0]);
  assert.deepEqual([replay([0]).count, replay([0]).dueMs(0), replay([0]).dueBefore(1)], [1, 0, 1]);
});

test("replay: instants that decrease, are negative or are none are refused", () => {
  for (const instants of [[1, 0], [-1], [NaN], [0, NaN]]) assert.throws(() => replay(instants), RangeError);
});

import fc from "fast-check";
import assert from "node:assert/strict";
import test from "node:test";
import { LiveSchedule } from "../../../lib/load/schedule/live_schedule.ts";
import { constantRate, RateSchedule } from "../../../lib/load/schedule/rate_schedule.ts";
import { RateCurve } from "../../../lib/load/schedule/rate_curve.ts";
import type { Schedule } from "../../../lib/load/schedule/schedule.ts";

const tenPerSecond = (): Schedule => new RateSchedule(RateCurve.constant(10).until(10_000));

test("live schedule: unchanged it is the planned one", () => {
  const planned = tenPerSecond();
  const live = new LiveSchedule(planned, Infinity);
  assert.deepEqual([live.count, live.endMs, live.rps], [100, 10_000, 10]);
  for (const index of [0, 1, 50, 99, 100]) assert.equal(live.dueMs(index), planned.dueMs(index));
  for (const ms of [0, 1, 99, 100, 101, 9_999, 10_000, 20_000]) assert.equal(live.dueBefore(ms), planned.dueBefore(ms));
});

test("live schedule: a new rate counts from its instant on, and the past stays", () => {
  const live = new LiveSchedule(tenPerSecond(), Infinity);
  live.setRate(5_000, 100);
  assert.equal(live.dueBefore(5_000), 50);
  assert.deepEqual([49, 50, 51, 150].map((index) => live.dueMs(index)), [4_900, 5_000, 5_010, 6_000]);
  assert.equal(live.dueBefore(6_000), 150);
  assert.deepEqual([live.count, live.endMs], [550, 10_000]);
  assert.deepEqual([live.rpsAt(4_999), live.rpsAt(5_001), live.rpsAt(10_000)], [10, 100, 0]);
});

test("live schedule: a pause takes its time from the run, and what follows goes on where it was", () => {
  const live = new LiveSchedule(new RateSchedule(RateCurve.stages(0, [{ durationMs: 10_000, rps: 100 }])), Infinity);
  const before = live.dueBefore(2_000);
  live.pause(2_000);
  assert.ok(live.paused);
  assert.deepEqual([live.dueBefore(9_999), live.count, live.rpsAt(3_000)], [before, before, 0]);
  assert.equal(live.dueMs(before), Infinity);
  live.resume(5_000);
  assert.ok(!live.paused);
  assert.equal(live.rpsAt(5_001).toFixed(2), "20.01");
  assert.equal(
    live.dueBefore(10_000),
    new RateSchedule(RateCurve.stages(0, [{ durationMs: 10_000, rps: 100 }])).dueBefore(7_000),
  );
});

test("live schedule: a rate that is set while paused counts after the pause", () => {
  const live = new LiveSchedule(tenPerSecond(), Infinity);
  live.pause(1_000);
  live.setRate(2_000, 50);
  assert.equal(live.dueBefore(3_000), 10);
  assert.equal(live.intendedRps(2_500), 50);
  live.resume(3_000);
  assert.equal(live.dueBefore(4_000), 60);
});

test("live schedule: a run by number of requests keeps its number, and ends when they are due", () => {
  const live = new LiveSchedule(constantRate(10), 100);
  assert.deepEqual([live.count, live.endMs], [100, 10_000]);
  live.setRate(5_000, 100);
  assert.deepEqual([live.count, live.endMs], [100, 5_500]);
  live.pause(5_100);
  assert.deepEqual([live.count, live.endMs], [100, Infinity]);
});

test("live schedule: dueBefore is the inverse of dueMs, whatever was changed", () => {
  const change = fc.record({ afterMs: fc.integer({ min: 1, max: 3_000 }), rps: fc.integer({ min: 0, max: 500 }) });
  fc.assert(fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
    const live = new LiveSchedule(new RateSchedule(RateCurve.stages(10, [{ durationMs: 20_000, rps: 200 }])), Infinity);
    let atMs = 0;
    for (const { afterMs, rps } of changes) {
      const before = live.dueBefore(atMs += afterMs);
      if (rps === 0) live.paused ? live.resume(atMs) : live.pause(atMs);
      else live.setRate(atMs, rps);
      assert.equal(live.dueBefore(atMs), before, "the past moved");
    }
    let last = 0;
    for (let index = 0; index < live.count; index++) {
      const dueMs = live.dueMs(index);
      assert.ok(dueMs >= last && dueMs < live.endMs);
      assert.ok(live.dueBefore(dueMs) <= index && live.dueBefore(dueMs + 1e-6) > index);
      last = dueMs;
    }
  }));
});

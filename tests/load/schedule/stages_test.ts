import assert from "node:assert/strict";
import test from "node:test";
import { RateSchedule } from "../../../lib/load/schedule/rate_schedule.ts";
import { RateCurve } from "../../../lib/load/schedule/rate_curve.ts";

type StageRow = readonly [durationMs: number, rps: number];

function stages(startRps: number, rows: readonly StageRow[], cutMs = Infinity): RateSchedule {
  const rates = RateCurve.stages(startRps, rows.map(([durationMs, rps]) => ({ durationMs, rps })));
  return new RateSchedule(rates.until(cutMs));
}

test("stages: a request is due where the area under the rate reaches its index", () => {
  const cases: readonly (readonly [name: string, schedule: RateSchedule, index: number, dueMs: number])[] = [
    ["the first of a rate", stages(100, [[1000, 100]]), 0, 0],
    ["in a rate that stays", stages(100, [[1000, 100]]), 7, 70],
    ["the first of a climb from nothing", stages(0, [[1000, 200]]), 0, 0],
    ["a quarter of a climb's requests take half its time", stages(0, [[1000, 200]]), 25, 500],
    ["a climb from a rate", stages(100, [[2000, 300]]), 150, 1000],
    ["three quarters of a descent's take half its time", stages(200, [[1000, 0]]), 75, 500],
    ["a descent to a rate", stages(300, [[2000, 100]]), 250, 1000],
    ["where one stage ends and the next begins", stages(0, [[1000, 200], [1000, 200]]), 100, 1000],
    ["in the second stage", stages(0, [[1000, 200], [1000, 200]]), 101, 1005],
    ["after a jump", stages(0, [[0, 100], [1000, 100], [0, 1000], [1000, 1000]]), 101, 1001],
    ["after a jump down", stages(1000, [[1000, 1000], [0, 10], [1000, 10]]), 1001, 1100],
    ["the last jump of several wins", stages(5, [[0, 100], [0, 10], [1000, 10]]), 1, 100],
    [
      "after a pause: not at its beginning",
      stages(100, [[1000, 100], [0, 0], [9000, 0], [0, 100], [1, 100]]),
      100,
      10_000,
    ],
  ];
  for (const [name, schedule, index, dueMs] of cases) assert.equal(schedule.dueMs(index), dueMs, name);
});

test("stages: they end with the last one, and hold as many requests as the area under them", () => {
  const cases: readonly (readonly [schedule: RateSchedule, count: number, endMs: number, rps: number])[] = [
    [stages(0, [[30_000, 100], [60_000, 1000]]), 34_500, 90_000, 34_500 / 90],
    [stages(1000, [[60_000, 1000]]), 60_000, 60_000, 1000],
    [stages(100, [[1000, 0]]), 50, 1000, 50],
    [stages(0, [[1000, 1]]), 1, 1000, 0.5],
    [stages(10, [[0, 0], [1000, 0]]), 0, 1000, 0],
    [stages(0, [[1000, 200], [0, 50], [1000, 50]], 500), 25, 500, 50],
    [stages(0, [[1000, 200], [0, 50], [1000, 50]], 1500), 125, 1500, 125 / 1.5],
    [stages(0, [[1000, 200]], 5000), 100, 1000, 100],
  ];
  for (const [schedule, count, endMs, rps] of cases) {
    assert.deepEqual([schedule.count, schedule.endMs, schedule.rps], [count, endMs, rps]);
    assert.equal(schedule.dueMs(count), Infinity);
    assert.equal(schedule.dueBefore(Infinity), count);
    assert.equal(schedule.dueBefore(endMs), count);
    assert.ok(count === 0 || schedule.dueMs(count - 1) < endMs);
  }
});

test("stages: the rate moves in straight lines, jumps at once, and is nothing outside", () => {
  const schedule = stages(100, [[1000, 300], [0, 50], [1000, 50], [1000, 0]]);
  const rows = [[-1, 0], [0, 100], [500, 200], [999, 299.8], [1000, 50], [1999, 50], [2500, 25], [3000, 0]] as const;
  for (const [elapsedMs, rps] of rows) assert.equal(schedule.rpsAt(elapsedMs), rps, `at ${elapsedMs} ms`);
});

/** Integer arithmetic: whether fewer than `index` requests are to be expected before an instant given in ns. */
function isBefore(startRps: number, rows: readonly StageRow[], index: number, ns: bigint): boolean {
  let beginNs = 0n;
  let twoThousandfold = 0n; // 2000 × the requests to expect before the stage
  let from = BigInt(startRps);
  for (const [durationMs, rps] of rows) {
    const [duration, to] = [BigInt(durationMs), BigInt(rps)];
    const endNs = beginNs + duration * 1_000_000n;
    if (ns < endNs) {
      const t = ns - beginNs;
      const wanted = (2000n * BigInt(index) - twoThousandfold) * duration * 10n ** 12n;
      return 2n * from * duration * 1_000_000n * t + (to - from) * t * t < wanted;
    }
    twoThousandfold += (from + to) * duration;
    beginNs = endNs;
    from = to;
  }
  return twoThousandfold < 2000n * BigInt(index);
}

test("stages: exact to the µs for 10⁹ requests at 10⁶ rps, climbing, descending and staying", () => {
  const cases: readonly (readonly [startRps: number, rows: readonly StageRow[]])[] = [
    [1_000_000, [[1_000_000, 1_000_000]]],
    [0, [[2_000_000, 1_000_000]]],
    [1_000_000, [[2_000_000, 0]]],
    [999_983, [[1_999_999, 0]]],
    [1, [[1_999_998, 1_000_000]]],
    [1_000_000, [[1_999_998, 1]]],
    [0, [[333_333, 777_777], [0, 1_000_000], [500_000, 1_000_000], [777_777, 3], [100_000, 1_000_000]]],
    [7, [[1, 1_000_000], [999_999, 999_999], [0, 1], [12_345, 54_321]]],
  ];
  for (const [startRps, rows] of cases) {
    const schedule = stages(startRps, rows);
    assert.ok(schedule.count > 5e8, `${schedule.count} requests`);
    const indices = [1, 2, 3, 1000, 999_999_937, schedule.count - 2, schedule.count - 1];
    for (let part = 1; part < 50; part++) indices.push(Math.floor((schedule.count * part) / 50));
    for (const index of indices.filter((index) => index < schedule.count)) {
      const ns = BigInt(Math.round(schedule.dueMs(index) * 1e6));
      const told = `request ${index} of ${JSON.stringify([startRps, rows])} at ${ns} ns`;
      assert.ok(isBefore(startRps, rows, index, ns - 1000n), told);
      assert.ok(!isBefore(startRps, rows, index, ns + 1000n), told);
    }
  }
});

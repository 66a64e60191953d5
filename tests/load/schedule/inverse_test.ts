// What must hold for every schedule: dueMs never decreases, and dueBefore counts exactly the requests before an instant.

import fc from "fast-check";
import assert from "node:assert/strict";
import test from "node:test";
import { firstRequests } from "../../../lib/load/schedule/first_requests.ts";
import { PoissonPoints } from "../../../lib/load/schedule/poisson_points.ts";
import { EVEN, RateSchedule } from "../../../lib/load/schedule/rate_schedule.ts";
import { RateCurve } from "../../../lib/load/schedule/rate_curve.ts";
import { replay } from "../../../lib/load/schedule/replay.ts";
import type { Schedule } from "../../../lib/load/schedule/schedule.ts";
import { everyNth } from "../../../lib/load/schedule/every_nth.ts";
import { runs } from "../../fuzz/runs.ts";
import { KINDS } from "./kinds.ts";

/** The smallest number above a positive one. */
function above(value: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0]! += 1n;
  return new Float64Array(bits.buffer)[0]!;
}

function agrees(schedule: Schedule, elapsedMs: number): void {
  const due = schedule.dueBefore(elapsedMs);
  assert.ok(Number.isInteger(due) && due >= 0 && due <= schedule.count, `${due} due before ${elapsedMs}`);
  if (due > 0) assert.ok(schedule.dueMs(due - 1) < elapsedMs, `request ${due - 1} is not before ${elapsedMs}`);
  assert.ok(elapsedMs === -Infinity || schedule.dueMs(due) >= elapsedMs, `request ${due} is before ${elapsedMs}`);
}

/** Looks at shares of its time and of its requests, and at the instants of requests themselves. */
function check(schedule: Schedule, shares: readonly number[]): void {
  const lastMs = Math.min(schedule.endMs, 1e7);
  const count = Math.min(schedule.count, schedule.dueBefore(lastMs));
  for (const elapsedMs of [-1, 0, lastMs, schedule.endMs, lastMs + 1]) {
    if (elapsedMs < Infinity) agrees(schedule, elapsedMs);
  }
  for (const share of shares) {
    agrees(schedule, share * lastMs);
    const index = Math.floor(share * (count - 1));
    if (count < 1) continue;
    const dueMs = schedule.dueMs(index);
    agrees(schedule, dueMs);
    assert.ok(schedule.dueBefore(dueMs) <= index);
    if (dueMs > 0) assert.ok(schedule.dueBefore(above(dueMs)) > index);
    assert.ok(schedule.dueMs(index + 1) >= dueMs, `request ${index + 1} is before ${index}`);
  }
}

const rps = (most: number) =>
  fc.oneof(fc.constant(0), fc.integer({ min: 1, max: most }), fc.double({ min: 1e-3, max: most, noNaN: true }));

const stages = (mostMs: number, mostRps: number) =>
  fc.tuple(
    rps(mostRps),
    fc.array(
      fc.record({ durationMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: mostMs })), rps: rps(mostRps) }),
      { minLength: 1, maxLength: 6 },
    ),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
  ).map(([startRps, stages, cut]) => {
    const rates = RateCurve.stages(startRps, stages);
    return rates.until(rates.endMs * cut);
  });

const schedule = fc.oneof(
  stages(1_000_000, 1_000_000).map((rates): Schedule => new RateSchedule(rates, EVEN)),
  fc.double({ min: 1e-3, max: 1e6, noNaN: true }).map((rps): Schedule => new RateSchedule(RateCurve.constant(rps))),
  fc.tuple(stages(5000, 5000), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
    .map(([rates, seed]): Schedule => new RateSchedule(rates, new PoissonPoints(seed))),
  fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 50 })
    .map((instants): Schedule => replay(instants.sort((a, b) => a - b))),
);

const part = fc.tuple(
  schedule,
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 6 }),
  fc.integer({ min: 1, max: 7 }),
)
  .map(([schedule, first, k, n]) => everyNth(firstRequests(schedule, first), k % n, n));

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });

test("schedule: what is due before an instant is the exact inverse of when each is due", () => {
  fc.assert(fc.property(fc.oneof(schedule, part), shares, check), runs(400));
});

for (const [kind, schedule] of Object.entries(KINDS)) {
  test(`schedule: ${kind} counts its requests one by one as it does in one step`, () => {
    let before = 0;
    for (let index = 0; index < Math.min(schedule.count, 2000); index++) {
      const dueMs = schedule.dueMs(index);
      assert.ok(dueMs >= before);
      before = dueMs;
      agrees(schedule, dueMs);
      agrees(schedule, above(dueMs));
    }
  });
}

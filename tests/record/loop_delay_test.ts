import assert from "node:assert/strict";
import test from "node:test";
import { latePercentOf, lateUsOf, LoopDelay } from "../../lib/record/loop_delay.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** Looks for a time, in which the event loop stood still for some of it. */
function after(forMs: number, stallMs: number) {
  const clock = new FakeClock();
  const delay = new LoopDelay(clock);
  delay.start();
  clock.advance(forMs / 2);
  clock.lag(stallMs);
  clock.advance(forMs / 2 - stallMs);
  delay.stop();
  return delay.recorder.interval;
}

test("loop delay: a loop on time is never late", () => {
  const histogram = after(1000, 0);
  assert.deepEqual([histogram.totalCount, histogram.maxValue, latePercentOf(histogram, 1000)], [100, 0, 0]);
});

test("loop delay: a stall counts for as long as it lasts, not as one late timer", () => {
  const histogram = after(1000, 400);
  assert.equal(histogram.maxValue, 390_000);
  assert.ok(Math.abs(histogram.totalCount - 100) <= 1, `${histogram.totalCount}`);
  assert.ok(Math.abs(histogram.getValueAtPercentile(80) - 200_000) < 11_000);
  assert.ok(Math.abs(lateUsOf(histogram) - 390_000) < 5000, `${lateUsOf(histogram)}`);
  assert.ok(Math.abs(latePercentOf(histogram, 1000) - 39) < 0.5, `${latePercentOf(histogram, 1000)}`);
});

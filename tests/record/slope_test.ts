import assert from "node:assert/strict";
import test from "node:test";
import { SlopeSamples, theilSen } from "../../lib/record/slope.ts";

const RANGE = Array.from({ length: 50 }, (_, i) => i);

test("slope: a straight line is found exactly, with nothing in doubt", () => {
  assert.deepEqual(theilSen(RANGE, RANGE.map((x) => 3 * x + 7)), { slope: 3, low: 3, high: 3 });
});

test("slope: wild samples do not move it", () => {
  const ys = RANGE.map((x) => x % 10 === 0 ? 1e6 : 2 * x);
  assert.equal(theilSen(RANGE, ys)!.slope, 2);
});

test("slope: noise without a trend has zero in its interval", () => {
  const ys = RANGE.map((x) => (x * 7919) % 13);
  const { low, high } = theilSen(RANGE, ys)!;
  assert.ok(low <= 0 && high >= 0, `${low} … ${high}`);
});

test("slope: too few samples, or requests that do not move, say nothing", () => {
  assert.equal(theilSen([1, 2, 3, 4], [1, 2, 3, 4]), undefined);
  assert.equal(theilSen(Array(20).fill(5), RANGE.slice(0, 20)), undefined);
});

test("slope: samples of a run of any length stay bounded and keep the trend", () => {
  const samples = new SlopeSamples(2);
  for (let i = 0; i < 100_000; i++) samples.add(i, i, 5);
  assert.equal(samples.slope(0)!.slope, 1);
  assert.equal(samples.slope(1)!.slope, 0);
});

import assert from "node:assert/strict";
import test from "node:test";
import { median, medianRatio, pairedRatios } from "./median.ts";

test("bench: a median is the middle figure, or the mean of the two in the middle", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([]), NaN);
});

test("bench: ratios pair the rounds, and leave out those that failed", () => {
  assert.deepEqual(pairedRatios([10, null, 30, 40], [5, 5, null, 10]), [2, 4]);
  assert.deepEqual(pairedRatios([1, 2], [1]), [1]);
  assert.equal(medianRatio([null], [1]), NaN);
});

test("bench: what slowed both down in a round is not in their ratio", () => {
  assert.equal(medianRatio([100, 50, 100], [200, 100, 200]), 0.5);
});

import assert from "node:assert/strict";
import test from "node:test";
import { CensoredDistribution } from "../../../lib/load/judge/censoring.ts";
import { histogramOf } from "../../support/clocks.ts";

/** 1, 2, … 98 ms, and two without an end. */
function distribution(agesUs: readonly number[]): CensoredDistribution {
  const ended = Array.from({ length: 100 - agesUs.length }, (_, index) => (index + 1) * 1000);
  return new CensoredDistribution(histogramOf(ended), histogramOf(agesUs));
}

test("censoring: without unanswered requests no figure is a lower bound", () => {
  const all = distribution([]);
  assert.equal(all.isCensored, false);
  assert.deepEqual([0, 50, 99, 100].filter((percentile) => all.isLowerBound(percentile)), []);
});

test("censoring: where the unanswered are the oldest, the percentiles above them are lower bounds, and no others", () => {
  const all = distribution([500_000, 600_000]);
  assert.equal(all.all.totalCount, 100);
  assert.equal(all.all.getValueAtPercentile(50), 50_015);
  assert.deepEqual([50, 90, 98].filter((percentile) => all.isLowerBound(percentile)), []);
  assert.deepEqual([98.5, 99, 99.9, 100].filter((percentile) => !all.isLowerBound(percentile)), []);
});

test("censoring: young unanswered requests make a lower bound of each figure that they could raise", () => {
  const all = distribution([10_000, 10_000]);
  assert.equal(all.isLowerBound(5), false, "below the youngest of them");
  assert.equal(all.isLowerBound(50), true, "each step of this distribution is a value of its own");
});

test("censoring: a few young ones among many do not touch figures that would stay the same", () => {
  const ended = histogramOf([...Array(5000).fill(2000), ...Array(5000).fill(9000)]);
  const all = new CensoredDistribution(ended, histogramOf([100, 100, 100]));
  assert.deepEqual([25, 75, 99].filter((percentile) => all.isLowerBound(percentile)), []);
  assert.equal(all.isLowerBound(99.99), true);
});

test("censoring: where nothing was answered, everything is a lower bound", () => {
  const all = new CensoredDistribution(histogramOf([]), histogramOf([1000]));
  assert.deepEqual([0, 50, 100].filter((percentile) => !all.isLowerBound(percentile)), []);
});

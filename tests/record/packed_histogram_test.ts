import assert from "node:assert/strict";
import test from "node:test";
import { latencyHistogram, LONGEST_US } from "../../lib/record/latency_recorder.ts";
import { addedPacked, addPacked, packHistogram } from "../../lib/record/packed_histogram.ts";

const VALUES = [0, 0, 1, 2047, 2048, 4095, 123_457, 123_458, 9_999_999, LONGEST_US - 1, LONGEST_US];

test("packed histogram: what is added from one is what was recorded, and the highest value to the digit", () => {
  const [whole, part, sum] = [latencyHistogram(64), latencyHistogram(), latencyHistogram(64)];
  for (const value of VALUES) {
    whole.recordValue(value);
    whole.recordValue(7);
    part.recordValue(value);
    sum.recordValue(7);
  }
  addPacked(sum, packHistogram(part));
  addPacked(sum, packHistogram(latencyHistogram()));
  assert.equal(sum.totalCount, whole.totalCount);
  assert.equal(sum.maxValue, LONGEST_US);
  assert.equal(sum.mean, whole.mean);
  for (const percentile of [0, 1, 25, 50, 75, 90, 99, 100]) {
    assert.equal(sum.getValueAtPercentile(percentile), whole.getValueAtPercentile(percentile));
  }
});

test("packed histogram: it survives a message, and is as long as it has values", () => {
  const histogram = latencyHistogram();
  for (let i = 0; i < 1000; i++) histogram.recordValue(123_457);
  const packed = structuredClone(packHistogram(histogram));
  assert.equal(packed.counts.length, 2);
  assert.equal(packed.max, 123_457);
});

test("packed histogram: two as one are what both recorded", () => {
  const [even, odd, both] = [latencyHistogram(), latencyHistogram(), latencyHistogram()];
  VALUES.forEach((value, at) => {
    for (const histogram of [both, at % 2 === 0 ? even : odd]) histogram.recordValue(value);
  });
  assert.deepEqual(addedPacked(packHistogram(even), packHistogram(odd)), packHistogram(both));
  assert.deepEqual(addedPacked(packHistogram(even), packHistogram(latencyHistogram())), packHistogram(even));
});

import assert from "node:assert/strict";
import test from "node:test";
import { eachCount } from "../../lib/record/each_count.ts";
import { latencyHistogram, LONGEST_US } from "../../lib/record/latency_recorder.ts";

test("each count: every value once, with its count, from the least to the last", () => {
  const histogram = latencyHistogram();
  for (const value of [4097, 0, 3, 2047, 3, LONGEST_US]) histogram.recordValue(value);
  const seen: [number, number][] = [];
  eachCount(histogram, (value, count) => seen.push([value, count]));
  assert.deepEqual(seen.slice(0, -1), [[0, 1], [3, 2], [2047, 1], [4096, 1]]);
  const [longest, count] = seen.at(-1)!;
  assert.equal(count, 1);
  assert.ok(longest <= LONGEST_US && longest > 0.999 * LONGEST_US);
});

test("each count: of nothing, nothing", () => {
  eachCount(latencyHistogram(), () => assert.fail());
});

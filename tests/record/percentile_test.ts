import fc from "fast-check";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { latencyHistogram } from "../../lib/record/latency_recorder.ts";
import { percentileUs } from "../../lib/record/percentile.ts";

test("percentile: of nothing it is 0", () => {
  for (const percentile of [0, 50, 100]) assert.equal(percentileUs(latencyHistogram(), percentile), 0);
});

test("percentile: it is never above the maximum, whose bucket may stand for more", () => {
  const histogram = latencyHistogram();
  histogram.recordValue(16_179);
  assert.ok(histogram.getValueAtPercentile(99) > 16_179);
  assert.equal(percentileUs(histogram, 99), 16_179);
});

test("percentile: a higher one is no lower, and none is above the maximum", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { minLength: 1 }), (values) => {
    const histogram = latencyHistogram();
    for (const value of values) histogram.recordValue(value);
    const figures = [0, 50, 75, 90, 99, 99.9, 99.99, 100].map((percentile) => percentileUs(histogram, percentile));
    assert.deepEqual(figures, figures.toSorted((a, b) => a - b));
    assert.equal(figures.at(-1), Math.max(...values));
  }));
});

test("percentile: nobody asks a histogram for one by another way", () => {
  const callers = ["lib", "cli"].flatMap((top) =>
    readdirSync(join(packageRoot, top), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => join(top, path))
      .filter((path) => readFileSync(join(packageRoot, path), "utf8").includes("getValueAtPercentile"))
  );
  assert.deepEqual(callers, [join("lib", "record", "percentile.ts")]);
});

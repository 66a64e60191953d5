import assert from "node:assert/strict";
import test from "node:test";
import { bucketsOf } from "../../../lib/report/section/latency_buckets.ts";
import { latencyOf, randomNumbers } from "../../support/result_fixture.ts";

const DISTRIBUTIONS: Readonly<Record<string, readonly number[]>> = {
  "one value": [1234],
  "all alike": Array<number>(500).fill(250),
  "zeroes": [0, 0, 1],
  "narrow": Array.from({ length: 1000 }, (_, i) => 1000 + i % 40),
  "six decades": Array.from({ length: 600 }, (_, i) => Math.round(10 ** (i / 100 + 1))),
  "random": ((random) => Array.from({ length: 5000 }, () => Math.round(50_000 * random() ** 4)))(randomNumbers(3)),
};

for (const [name, values] of Object.entries(DISTRIBUTIONS)) {
  test(`latency buckets: buckets count every value once, ${name}`, () => {
    const latency = latencyOf(values);
    const buckets = bucketsOf(latency, 18);
    assert.equal(buckets.reduce((sum, { count }) => sum + count, 0), values.length);
    assert.ok(buckets.length >= 1 && buckets.length <= 18, `${buckets.length} buckets`);
    assert.ok(buckets.every(({ fromUs, toUs }, i) => fromUs < toUs && (i === 0 || fromUs === buckets[i - 1]!.toUs)));
    assert.ok(buckets[0]!.count > 0 && buckets.at(-1)!.count > 0, "an empty bucket at an end");
  });

  test(`latency buckets: each percentile is marked in the bucket that holds it, ${name}`, () => {
    const latency = latencyOf(values);
    const buckets = bucketsOf(latency, 18);
    assert.deepEqual(buckets.flatMap(({ percentiles }) => percentiles), ["p50", "p90", "p99", "p99.9"]);
    const bucket = buckets.find(({ percentiles }) => percentiles.includes("p90"))!;
    assert.ok(latency.p90 <= bucket.toUs);
    assert.ok(latency.p90 > bucket.fromUs || bucket === buckets[0]);
  });
}

test("latency buckets: a value is where it was measured, not at the end of what HDR cannot tell from it", () => {
  const [bucket, ...others] = bucketsOf(latencyOf([16_000]), 18); // HDR cannot tell it from 16,007
  assert.deepEqual([bucket!.toUs, bucket!.count, others], [16_000, 1, []]);
  assert.deepEqual(bucket!.percentiles, ["p50", "p90", "p99", "p99.9"]);
});

test("latency buckets: an empty distribution has none", () => {
  assert.deepEqual(bucketsOf(latencyOf([]), 18), []);
});

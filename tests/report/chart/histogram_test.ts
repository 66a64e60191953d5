import assert from "node:assert/strict";
import test from "node:test";
import { bucketsOf } from "../../../lib/report/chart/histogram.ts";
import { renderHistogram } from "../../../lib/report/chart/histogram_chart.ts";
import { styleFor } from "../../../lib/report/text/style.ts";
import { latencyOf, randomNumbers } from "../../support/result_fixture.ts";
import { screenWidth } from "../screen.ts";

const style = styleFor({ columns: 80, color: false });

const DISTRIBUTIONS: Readonly<Record<string, readonly number[]>> = {
  "one value": [1234],
  "all alike": Array<number>(500).fill(250),
  "zeroes": [0, 0, 1],
  "narrow": Array.from({ length: 1000 }, (_, i) => 1000 + i % 40),
  "six decades": Array.from({ length: 600 }, (_, i) => Math.round(10 ** (i / 100 + 1))),
  "random": ((random) => Array.from({ length: 5000 }, () => Math.round(50_000 * random() ** 4)))(randomNumbers(3)),
};

for (const [name, values] of Object.entries(DISTRIBUTIONS)) {
  test(`histogram: buckets count every value once, ${name}`, () => {
    const latency = latencyOf(values);
    const buckets = bucketsOf(latency, 18);
    assert.equal(buckets.reduce((sum, { count }) => sum + count, 0), values.length);
    assert.ok(buckets.length >= 1 && buckets.length <= 18, `${buckets.length} buckets`);
    assert.ok(buckets.every(({ fromUs, toUs }, i) => fromUs < toUs && (i === 0 || fromUs === buckets[i - 1]!.toUs)));
    assert.ok(buckets[0]!.count > 0 && buckets.at(-1)!.count > 0, "an empty bucket at an end");
  });

  test(`histogram: each percentile is marked in the bucket that holds it, ${name}`, () => {
    const latency = latencyOf(values);
    const buckets = bucketsOf(latency, 18);
    assert.deepEqual(buckets.flatMap(({ percentiles }) => percentiles), ["p50", "p90", "p99", "p99.9"]);
    const bucket = buckets.find(({ percentiles }) => percentiles.includes("p90"))!;
    assert.ok(latency.p90 <= bucket.toUs);
    assert.ok(latency.p90 > bucket.fromUs || bucket === buckets[0]);
  });
}

test("histogram: an empty distribution has no buckets and says so", () => {
  assert.deepEqual(bucketsOf(latencyOf([]), 18), []);
  assert.deepEqual(renderHistogram(latencyOf([]), 60, style), ["No response, so no distribution."]);
});

test("histogram: bars are as long as their share of the fullest bucket", () => {
  const latency = latencyOf([...Array<number>(100).fill(150), ...Array<number>(50).fill(1500)]);
  const lines = renderHistogram(latency, 80, style);
  const bar = (part: string) => [...lines.find((line) => line.includes(part))!].filter((char) => char === "█").length;
  assert.ok(Math.abs(bar("  100 ") - 2 * bar("  50 ")) <= 1, lines.join("\n"));
  assert.ok(lines.some((line) => line.endsWith("66.7 %  ◂ p50")), lines.join("\n"));
  assert.ok(lines.some((line) => line.endsWith("33.3 %  ◂ p90 p99 p99.9")), lines.join("\n"));
});

test("histogram: a lone outlier still has a bar", () => {
  const latency = latencyOf([...Array<number>(1_000_000).fill(900), 60_000_000]);
  const last = renderHistogram(latency, 60, style).at(-1)!;
  assert.match(last, /50\.0 s – 1 m 40 s +│▏ .* 1 {3}<0\.1 %$/);
});

test("histogram: it keeps to its width", () => {
  for (const values of Object.values(DISTRIBUTIONS)) {
    for (const columns of [56, 76, 116]) {
      assert.ok(screenWidth(renderHistogram(latencyOf(values), columns, style).join("\n")) <= columns);
    }
  }
});

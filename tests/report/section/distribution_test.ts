import assert from "node:assert/strict";
import test from "node:test";
import { distributionSection } from "../../../lib/report/section/distribution.ts";
import type { Bar } from "../../../lib/report/section.ts";
import { cleanResult, latencyOf } from "../../support/result_fixture.ts";
import { blockOf, proseOf } from "../blocks.ts";

function sectionOf(values: readonly number[]) {
  const result = cleanResult();
  return distributionSection({
    ...result,
    latencyUs: { ...result.latencyUs, response: { ...latencyOf(values), lowerBounds: [] } },
  });
}

test("distribution: a bar for each range, with its count, share and percentiles", () => {
  const { bars } = blockOf(sectionOf([...Array<number>(100).fill(150), ...Array<number>(50).fill(1500)]), "bars");
  const full = bars.filter(({ count }) => count > 0);
  assert.deepEqual(full.map(({ figure, share, marks }) => ({ figure, share, marks })), [
    { figure: "100", share: "66.7 %", marks: ["p50"] },
    { figure: "50", share: "33.3 %", marks: ["p90", "p99", "p99.9"] },
  ]);
  const empty = bars.filter(({ count }) => count === 0);
  assert.ok(empty.length > 0 && empty.every(({ figure, share }) => figure === "" && share === ""));
});

test("distribution: both ends of a range share a unit where they have one", () => {
  const ranges = (values: number[]) =>
    blockOf(sectionOf(values), "bars").bars.map(({ from, to, unit }: Bar) => [from, to, unit]);
  assert.deepEqual(ranges([1234]), [["1.12", "1.25", "ms"]]);
  assert.deepEqual(ranges([900, 1200]).slice(0, 2), [["800", "900", "µs"], ["900 µs", "1.00", "ms"]]);
  assert.deepEqual(ranges([900, 60_000_000]).at(-1), ["50.0 s", "1 m 40", "s"], "two units are none to share");
});

test("distribution: without a response there is none, and it says so", () => {
  assert.deepEqual(proseOf(sectionOf([])), [{
    kind: "prose",
    text: "No response, so no distribution.",
    tone: "faint",
  }]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { renderBars } from "../../../lib/report/chart/bars.ts";
import { distributionSection } from "../../../lib/report/section/distribution.ts";
import type { Bar } from "../../../lib/report/section.ts";
import { styleFor } from "../../../lib/report/text/style.ts";
import { cleanResult, latencyOf, randomNumbers } from "../../support/result_fixture.ts";
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

function barsOf(values: readonly number[]): readonly Bar[] {
  const { latencyUs, ...rest } = cleanResult();
  const response = { ...latencyOf(values), lowerBounds: [] };
  const [block] = distributionSection({ ...rest, latencyUs: { ...latencyUs, response } }).blocks;
  assert.ok(block?.kind === "bars");
  return block.bars;
}

test("bars: each is as long as its share of the longest", () => {
  const lines = renderBars(barsOf([...Array<number>(100).fill(150), ...Array<number>(50).fill(1500)]), 80, style);
  const bar = (part: string) => [...lines.find((line) => line.includes(part))!].filter((char) => char === "█").length;
  assert.ok(Math.abs(bar("  100 ") - 2 * bar("  50 ")) <= 1, lines.join("\n"));
  assert.ok(lines.some((line) => line.endsWith("66.7 %  ◂ p50")), lines.join("\n"));
  assert.ok(lines.some((line) => line.endsWith("33.3 %  ◂ p90 p99 p99.9")), lines.join("\n"));
});

test("bars: a lone outlier still has one", () => {
  const last = renderBars(barsOf([...Array<number>(1_000_000).fill(900), 60_000_000]), 60, style).at(-1)!;
  assert.match(last, /50\.0 s – 1 m 40 s +│▏ .* 1 {3}<0\.1 %$/);
});

test("bars: ranges stand with their dashes and units under each other", () => {
  const lines = renderBars(barsOf(DISTRIBUTIONS["six decades"]!), 80, style);
  assert.equal(new Set(lines.map((line) => line.indexOf("–"))).size, 1);
  assert.equal(new Set(lines.map((line) => line.indexOf("│"))).size, 1);
});

test("bars: an empty range has neither bar nor figure", () => {
  const bar = { from: "1", to: "2", unit: "ms", count: 4, figure: "4", share: "100 %", marks: [] };
  const empty = { ...bar, from: "2", to: "3", count: 0, figure: "", share: "" };
  assert.deepEqual(renderBars([bar, empty], 30, style), ["1 – 2 ms │████████  4  100 %", "2 – 3 ms │"]);
});

test("bars: they keep to their width", () => {
  for (const values of Object.values(DISTRIBUTIONS)) {
    for (const columns of [56, 76, 116]) {
      assert.ok(screenWidth(renderBars(barsOf(values), columns, style).join("\n")) <= columns);
    }
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import { areaCells } from "../../../lib/report/chart/area.ts";
import { type ChartFrame, renderChart } from "../../../lib/report/chart/chart.ts";
import { lineCells } from "../../../lib/report/chart/line.ts";
import { styleFor } from "../../../lib/report/text/style.ts";

const scale = { min: 0, max: 4, steps: 2, format: String };
const frame: ChartFrame = { scale, rows: 4, labelColumns: 3 };
const style = styleFor({ columns: 80, color: false });
const paint = (text: string) => text;

test("chart: a line has one column for each value, its least value in the lowest row", () => {
  assert.deepEqual(lineCells([0, 0, 4, 4], scale, 5).map((row) => row.join("")), [
    "  ╭─",
    "  │ ",
    "  │ ",
    "  │ ",
    "──╯ ",
  ]);
});

test("chart: a line has gaps where there is no value, and keeps to the scale", () => {
  assert.deepEqual(
    lineCells([2, null, 9, -1], scale, 3).map((row) => row.join("")),
    ["  ─╮", "─  │", "   ╰"].map((row) => row),
  );
  assert.deepEqual(lineCells([null, null], scale, 2), [[" ", " "], [" ", " "]]);
});

test("chart: an area is exact to an eighth of a row, and shows whatever is there", () => {
  const cells = areaCells([0, 0.001, 1, 2.1, 4, null], scale, 4).map((row) => row.join(""));
  assert.deepEqual(cells, ["    █ ", "   ▁█ ", "   ██ ", " ▁███ "]);
});

test("chart: the y axis names each step and stands in one column", () => {
  const lines = renderChart([{ shape: "area", values: [0, 2, 4], paint }], frame, style);
  assert.equal(lines.length, 5);
  assert.deepEqual(lines.map((line) => line.slice(0, 5)), ["  4 ┤", "    │", "  2 ┤", "    │", "  0 ┤"]);
});

test("chart: where curves meet, the first one is on top", () => {
  const curve = { shape: "line", values: [2, 2] } as const;
  const mark = (name: string) => (text: string) => `<${name}${text}>`;
  const lines = renderChart([{ ...curve, paint: mark("a") }, { ...curve, paint: mark("b") }], frame, style);
  assert.equal(lines[2], "  2 ┤<a──>");
});

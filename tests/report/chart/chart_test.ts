import assert from "node:assert/strict";
import test from "node:test";
import { areaCells } from "../../../lib/report/chart/area.ts";
import { renderChart } from "../../../lib/report/chart/chart.ts";
import { lineCells } from "../../../lib/report/chart/line.ts";
import type { Curve } from "../../../lib/report/section.ts";
import { type Style, styleFor } from "../../../lib/report/text/style.ts";

const scale = { min: 0, max: 4, labels: ["0", "2", "4"] };
const style = styleFor({ columns: 80, color: false });
const marks: Style = { ...style, primary: (text) => `<a${text}>`, secondary: (text) => `<b${text}>` };

function curve(shape: Curve["shape"], tone: Curve["tone"], values: readonly (number | null)[]): Curve {
  return { name: "", figure: "", shape, tone, values, reduce: "largest" };
}

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

test("chart: a line that turns at once goes over all rows between", () => {
  assert.deepEqual(lineCells([4, 0, 4], scale, 3).map((row) => row.join("")), ["─╮╭", " ││", " ╰╯"]);
  assert.deepEqual(lineCells([0, null, 4], scale, 2).map((row) => row.join("")), ["  ─", "─  "]);
});

test("chart: an area is exact to an eighth of a row, and shows whatever is there", () => {
  const cells = areaCells([0, 0.001, 1, 2.1, 4, null], scale, 4).map((row) => row.join(""));
  assert.deepEqual(cells, ["    █ ", "   ▁█ ", "   ██ ", " ▁███ "]);
});

test("chart: the y axis names each step and stands in one column", () => {
  const lines = renderChart([curve("area", "plain", [0, 2, 4])], scale, 3, style);
  assert.equal(lines.length, 5);
  assert.deepEqual(lines.map((line) => line.slice(0, 5)), ["  4 ┤", "    │", "  2 ┤", "    │", "  0 ┤"]);
});

test("chart: where lines meet, the first one is on top", () => {
  const lines = renderChart([curve("line", "primary", [2, 2]), curve("line", "secondary", [2, 2])], scale, 3, marks);
  assert.equal(lines[2], "  2 ┤<a──>");
});

test("chart: a line lies over an area, in whatever order they come", () => {
  const lines = renderChart([curve("area", "primary", [4, 4]), curve("line", "secondary", [2, null])], scale, 3, marks);
  assert.equal(lines[2], "  2 ┤<b─><a█>");
  assert.equal(lines[0], "  4 ┤<a██>");
});

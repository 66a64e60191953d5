// A chart on a character grid: a y axis with labels, and curves drawn over each other.

import type { Curve, Scale } from "../section.ts";
import { padLeft } from "../text/layout.ts";
import type { Paint, Style } from "../text/style.ts";
import { areaCells } from "./area.ts";
import { type Cells, EMPTY_CELL } from "./cells.ts";
import { lineCells } from "./line.ts";

/** Rows from one label of the y axis to the next. */
const ROWS_PER_STEP = 2;

/** The cells of one curve. */
interface Layer {
  readonly cells: Cells;
  readonly paint: Paint;
}

/** The lines of a chart: labels, axis, and curves with a value for each column; lines lie over areas, the first on top. */
export function renderChart(curves: readonly Curve[], scale: Scale, labelColumns: number, style: Style): string[] {
  const rows = ROWS_PER_STEP * (scale.labels.length - 1) + 1;
  const layers = ["line", "area"].flatMap((shape) =>
    curves.filter((curve) => curve.shape === shape).map(({ values, tone }): Layer => ({
      cells: shape === "area" ? areaCells(values, scale, rows) : lineCells(values, scale, rows),
      paint: style[tone],
    }))
  );
  return Array.from({ length: rows }, (_, row) => {
    const label = scale.labels[(rows - 1 - row) / ROWS_PER_STEP];
    const axis = `${padLeft(label ?? "", labelColumns)} ${label === undefined ? "│" : "┤"}`;
    return style.faint(axis) + paintRow(layers, row);
  });
}

/** One row of all layers, each stretch of one colour painted once. */
function paintRow(layers: readonly Layer[], row: number): string {
  const columns = layers[0]?.cells[row]?.length ?? 0;
  let text = "";
  let stretch = "";
  let paint: Paint | undefined;
  for (let column = 0; column < columns; column++) {
    const layer = layers.find(({ cells }) => cells[row]![column] !== EMPTY_CELL);
    if (layer?.paint !== paint) {
      text += paint === undefined ? stretch : paint(stretch);
      stretch = "";
      paint = layer?.paint;
    }
    stretch += layer === undefined ? EMPTY_CELL : layer.cells[row]![column]!;
  }
  return text + (paint === undefined ? stretch.trimEnd() : paint(stretch));
}

// A chart on a character grid: a y axis with labels, and curves drawn over each other.

import { padLeft } from "../text/layout.ts";
import type { Paint, Style } from "../text/style.ts";
import { areaCells } from "./area.ts";
import { type Cells, EMPTY_CELL } from "./cells.ts";
import { lineCells } from "./line.ts";
import type { Scale } from "./scale.ts";

/** One curve: a value for each column, null where there is nothing to show. Sizes are areas, everything else is a line. */
export interface Curve {
  readonly shape: "line" | "area";
  readonly values: readonly (number | null)[];
  readonly paint: Paint;
}

/** A chart's size: `rows` is a multiple of the scale's steps, and one more line than that is drawn. */
export interface ChartFrame {
  readonly scale: Scale;
  readonly rows: number;
  /** Columns of the y labels, without the axis line. */
  readonly labelColumns: number;
}

/** The lines of a chart: labels, axis, curves; where curves meet, the first one is on top. */
export function renderChart(curves: readonly Curve[], frame: ChartFrame, style: Style): string[] {
  const { scale, rows } = frame;
  const layers = curves.map(({ shape, values, paint }) => ({
    cells: shape === "area" ? areaCells(values, scale, rows + 1) : lineCells(values, scale, rows + 1),
    paint,
  }));
  const rowsPerStep = rows / scale.steps;
  return Array.from({ length: rows + 1 }, (_, row) => {
    const level = (rows - row) / rowsPerStep;
    const labelled = Number.isInteger(level);
    const value = scale.min + level * (scale.max - scale.min) / scale.steps;
    const label = padLeft(labelled ? scale.format(value) : "", frame.labelColumns);
    return style.faint(`${label} ${labelled ? "┤" : "│"}`) + paintRow(layers, row);
  });
}

/** One row of all layers, each stretch of one colour painted once. */
function paintRow(layers: readonly { cells: Cells; paint: Paint }[], row: number): string {
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

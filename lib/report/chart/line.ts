// A curve as a line, drawn by asciichart; where there is no value, there is no line.

import asciichart from "asciichart";
import { type Cells, EMPTY_CELL } from "./cells.ts";
import type { Scale } from "./scale.ts";

/** asciichart's own label and axis, which are cut off: stacked charts have their own. */
const AXIS_CELLS = 2;

/** The line's cells: the scale's least value in the lowest row, its largest in the highest. */
export function lineCells(values: readonly (number | null)[], scale: Scale, rows: number): Cells {
  const cells = Array.from({ length: rows }, () => Array<string>(values.length).fill(EMPTY_CELL));
  for (const { from, to } of runsOf(values)) {
    const points = values.slice(from, to).map((value) => Math.min(Math.max(value!, scale.min), scale.max) - scale.min);
    // The first point is given twice, because asciichart draws the step into a column and puts the first on the axis.
    const drawn = asciichart.plot([points[0]!, ...points], {
      min: 0,
      max: scale.max - scale.min,
      height: rows - 1,
      offset: AXIS_CELLS,
      format: () => EMPTY_CELL,
    });
    drawn.split("\n").forEach((text, row) => {
      for (let column = from; column < to; column++) {
        cells[row]![column] = text[AXIS_CELLS + column - from] ?? EMPTY_CELL;
      }
    });
  }
  return cells;
}

/** The stretches of columns that have a value. */
function runsOf(values: readonly (number | null)[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] === null) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.to === i) last.to = i + 1;
    else runs.push({ from: i, to: i + 1 });
  }
  return runs;
}

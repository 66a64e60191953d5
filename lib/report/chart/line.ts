// A curve as a line of box-drawing characters, one column for each value; where there is no value, there is no line.

import type { Scale } from "../section.ts";
import { type Cells, EMPTY_CELL } from "./cells.ts";

/** The line's cells: the scale's least value in the lowest row, its largest in the highest. */
export function lineCells(
  values: readonly (number | null)[],
  { min, max }: Omit<Scale, "labels">,
  rows: number,
): Cells {
  const cells = Array.from({ length: rows }, () => Array<string>(values.length).fill(EMPTY_CELL));
  let before: number | null = null;
  values.forEach((value, column) => {
    if (value === null) return before = null;
    const share = (Math.min(Math.max(value, min), max) - min) / (max - min);
    const row = rows - 1 - Math.round(share * (rows - 1));
    const from = before ?? row;
    for (let between = Math.min(from, row) + 1; between < Math.max(from, row); between++) cells[between]![column] = "│";
    if (from === row) cells[row]![column] = "─";
    else {
      cells[from]![column] = row < from ? "╯" : "╮";
      cells[row]![column] = row < from ? "╭" : "╰";
    }
    before = row;
  });
  return cells;
}

// A curve as a filled area, exact to an eighth of a row: a line of text has too few levels to show a slow growth.

import type { Scale } from "../section.ts";
import { type Cells, EMPTY_CELL } from "./cells.ts";

/** Eighths of a block, from nothing to full. */
const EIGHTHS = [EMPTY_CELL, "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/**
 * The area's cells: the scale's least value has no height, its largest fills all rows. What is there at all shows as an
 * eighth of a row at least.
 */
export function areaCells(
  values: readonly (number | null)[],
  { min, max }: Omit<Scale, "labels">,
  rows: number,
): Cells {
  const heights = values.map((value) => {
    if (value === null || value === 0) return 0;
    const share = Math.min(Math.max((value - min) / (max - min), 0), 1);
    return Math.max(1, Math.round(share * rows * 8));
  });
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * 8;
    return heights.map((height) => EIGHTHS[Math.min(Math.max(height - below, 0), 8)]!);
  });
}

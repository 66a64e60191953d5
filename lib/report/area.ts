// A curve as a filled area, exact to an eighth of a row: a line of text has too few levels to show a slow growth.

import { type Cells, EMPTY_CELL } from "./cells.ts";
import type { Scale } from "./scale.ts";

/** Eighths of a block, from nothing to full. */
const EIGHTHS = [EMPTY_CELL, "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/**
 * The area's cells. A label of the y axis stands in the middle of its row, so the scale's least value is half a row above
 * the bottom and its largest half a row below the top, as they are for a line; nothing at all has no height.
 */
export function areaCells(values: readonly (number | null)[], scale: Scale, rows: number): Cells {
  const heights = values.map((value) => {
    if (value === null || value === 0) return 0;
    const share = Math.min(Math.max((value - scale.min) / (scale.max - scale.min), 0), 1);
    return Math.max(1, Math.round((share * (rows - 1) + 0.5) * 8));
  });
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * 8;
    return heights.map((height) => EIGHTHS[Math.min(Math.max(height - below, 0), 8)]!);
  });
}

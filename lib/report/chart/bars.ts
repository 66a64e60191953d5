// A distribution as bars, one row for each range of values, marked where its percentiles lie.

import type { Bar } from "../section.ts";
import { padLeft, padRight, widthOf } from "../text/layout.ts";
import type { Style } from "../text/style.ts";

const MIN_BAR_COLUMNS = 4;

/** Eighths of a block, so that a bar's length is exact to an eighth of a column. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

const GAP = "  ";

/** The bars with their figures in at most that many columns; the longest takes all there is. */
export function renderBars(bars: readonly Bar[], columns: number, style: Style): string[] {
  const ranges = alignedRanges(bars);
  const marks = bars.map((bar) => bar.marks.length === 0 ? "" : `◂ ${bar.marks.join(" ")}`);
  const figureColumns = widest(bars.map(({ figure }) => figure));
  const shareColumns = widest(bars.map(({ share }) => share));
  const rest = widest(ranges) + 2 + figureColumns + shareColumns + widest(marks) + 3 * GAP.length;
  const barColumns = Math.max(MIN_BAR_COLUMNS, columns - rest);
  const most = Math.max(...bars.map(({ count }) => count));
  return bars.map(({ count, figure, share }, row) => {
    const front = `${ranges[row]}${style.faint(" │")}`;
    if (count === 0) return front;
    const bar = padRight(style.primary(barOf(count / most, barColumns)), barColumns);
    const figures = padLeft(figure, figureColumns) + GAP + style.faint(padLeft(share, shareColumns));
    return front + bar + GAP + figures + (marks[row] === "" ? "" : GAP + style.caution(marks[row]!));
  });
}

/** `1.25 – 1.60 ms`: numbers, dashes and units under each other. */
function alignedRanges(bars: readonly Bar[]): string[] {
  const fromColumns = widest(bars.map(({ from }) => from));
  const toColumns = widest(bars.map(({ to }) => to));
  const unitColumns = widest(bars.map(({ unit }) => unit));
  return bars.map(({ from, to, unit }) =>
    `${padLeft(from, fromColumns)} – ${padLeft(to, toColumns)} ${padRight(unit, unitColumns)}`
  );
}

/** What is there at all has at least the thinnest bar. */
function barOf(share: number, columns: number): string {
  const eighths = Math.max(1, Math.round(share * columns * 8));
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

// The latency histogram: one bar per bucket, with the rows marked where the percentiles lie.

import { formatCount, formatDurationUs, formatPercent } from "../../core/units.ts";
import type { Latency } from "../../result/result.ts";
import { padLeft, padRight, widthOf } from "../text/layout.ts";
import type { Style } from "../text/style.ts";
import { type Bucket, bucketsOf } from "./histogram.ts";

const MAX_BUCKETS = 18;
const MIN_BAR_COLUMNS = 4;

/** Eighths of a block, so that a bar's length is exact to an eighth of a column. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

const GAP = "  ";

/** The distribution's bars in at most that many columns. */
export function renderHistogram(latency: Latency, columns: number, style: Style): string[] {
  const buckets = bucketsOf(latency, MAX_BUCKETS);
  if (buckets.length === 0) return [style.faint("No response, so no distribution.")];
  const ranges = alignedRanges(buckets);
  const counts = buckets.map(({ count }) => count === 0 ? "" : formatCount(count));
  const shares = buckets.map(({ count }) => count === 0 ? "" : formatPercent(count / latency.count));
  const marks = buckets.map(({ percentiles }) => percentiles.length === 0 ? "" : `◂ ${percentiles.join(" ")}`);
  const countColumns = widest(counts);
  const shareColumns = widest(shares);
  const figureColumns = countColumns + shareColumns + widest(marks) + 3 * GAP.length;
  const barColumns = Math.max(MIN_BAR_COLUMNS, columns - widest(ranges) - 2 - figureColumns);
  const most = Math.max(...buckets.map(({ count }) => count));
  return buckets.map(({ count }, row) => {
    const front = `${ranges[row]}${style.faint(" │")}`;
    if (count === 0) return front;
    const bar = padRight(style.primary(barOf(count / most, barColumns)), barColumns);
    const share = style.faint(padLeft(shares[row]!, shareColumns));
    const mark = marks[row] === "" ? "" : GAP + style.caution(marks[row]!);
    return front + bar + GAP + padLeft(counts[row]!, countColumns) + GAP + share + mark;
  });
}

/** `1.25 – 1.60 ms`: the unit once where both ends share it, and the dashes under each other. */
function alignedRanges(buckets: readonly Bucket[]): string[] {
  const ends = buckets.map(({ fromUs, toUs }) => {
    const [low, high] = [formatDurationUs(fromUs), formatDurationUs(toUs)];
    const unit = high.slice(high.lastIndexOf(" "));
    // A value of two units, "1 m 40 s", has none to share.
    const shared = low.endsWith(unit) && high.indexOf(" ") === high.lastIndexOf(" ");
    return [shared ? low.slice(0, -unit.length) : low, high.slice(0, -unit.length), unit] as const;
  });
  const [lowColumns, highColumns, unitColumns] = [0, 1, 2].map((part) => widest(ends.map((end) => end[part]!)));
  return ends.map(([low, high, unit]) =>
    `${padLeft(low, lowColumns!)} – ${padLeft(high, highColumns!)}${padRight(unit, unitColumns!)}`
  );
}

/** What is there at all has at least the thinnest bar. */
function barOf(share: number, columns: number): string {
  if (share <= 0) return "";
  const eighths = Math.max(1, Math.round(share * columns * 8));
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

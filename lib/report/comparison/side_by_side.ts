// Two runs that differ in one thing, drawn to the same scales, and what the difference did, in words.

import { NO_VALUE } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { AXIS_COLUMNS, labelColumnsOf, type Panel, renderPanels } from "../chart/panel.ts";
import { type TimeAxis, timeAxis } from "../chart/time_axis.ts";
import {
  latencyPanel,
  latencyScale,
  liveConnectionsPanel,
  liveScale,
  rssPanel,
  rssScale,
} from "../section/timeline.ts";
import { verdictPaint, verdictWords } from "../section/verdict.ts";
import { renderProse } from "../text/facts.ts";
import { beside, plain, truncate, widthOf } from "../text/layout.ts";
import { finishPage, PAGE_MARGIN, TEXT_COLUMNS } from "../text/page.ts";
import { type RenderOptions, type Style, styleFor, usableColumns } from "../text/style.ts";
import { renderTable, TABLE_GAP } from "../text/table.ts";
import { explainDifference } from "./difference.ts";
import { COMPLETED, DIALED, ERRORS, LIVE_AT_END, type Metric, P50, P99, RSS_GROWTH, RSS_PER_HELD } from "./metric.ts";

/** One run and what sets it apart ("bodies read"). */
export interface Side {
  readonly label: string;
  readonly result: Result;
}

/** From here on the two stand beside each other; below, one stands above the other. */
const BESIDE_COLUMNS = 100;

const GUTTER = 4;

const KEY_FIGURES: readonly Metric[] = [COMPLETED, ERRORS, P50, P99, DIALED, LIVE_AT_END, RSS_GROWTH, RSS_PER_HELD];

/** The panels of both, the key figures, and the difference explained from them. Without a newline at the end. */
export function renderSideBySide(left: Side, right: Side, options: RenderOptions): string {
  const style = styleFor(options);
  const columns = usableColumns(options) - PAGE_MARGIN;
  const sides = [left, right];
  const half = columns >= BESIDE_COLUMNS - PAGE_MARGIN ? Math.floor((columns - GUTTER) / 2) : columns;
  const [a, b] = sides.map((
    side,
  ) => [style.heading(truncate(plain(side.label), half)), ...pictures(side, sides, half, style)]);
  const pair = half === columns ? [...a!, "", ...b!] : beside(a!, b!, half + GUTTER);
  const text = Math.min(columns, TEXT_COLUMNS);
  const lines = [
    ...pair,
    "",
    ...keyFigures(sides, columns, style),
    "",
    ...renderProse(plain(explainDifference(left, right)), text, style.strong),
  ];
  return finishPage(lines, options);
}

/** One side's panels: the scales and the time axis are those of both. */
function pictures(side: Side, sides: readonly Side[], columns: number, style: Style): string[] {
  const results = sides.map(({ result }) => result);
  const scales = { live: liveScale(results), rss: rssScale(results), latency: latencyScale(results) };
  const panelsOn = (axis: TimeAxis): Panel[] => [
    liveConnectionsPanel(side.result, axis, style, { scale: scales.live }),
    rssPanel(side.result, axis, style, { scale: scales.rss }),
    latencyPanel(side.result, axis, style, { scale: scales.latency }),
  ];
  const series = results.flatMap((result) => result.series);
  const labelColumns = labelColumnsOf(panelsOn(timeAxis(series, 1)));
  const axis = timeAxis(series, columns - labelColumns - AXIS_COLUMNS);
  return renderPanels(panelsOn(axis), axis, labelColumns, style);
}

function keyFigures(sides: readonly Side[], columns: number, style: Style): string[] {
  const rows = KEY_FIGURES.map((metric) => [
    style.faint(metric.name),
    ...sides.map(({ result }) => {
      const value = metric.value(result);
      return value === null ? style.faint(NO_VALUE) : metric.format(value);
    }),
  ]);
  rows.push([
    style.faint("verdict"),
    ...sides.map(({ result }) => verdictPaint(result.leak.verdict, style)(verdictWords(result.leak.verdict))),
  ]);
  const names = Math.max(...rows.map(([name]) => widthOf(name!)));
  const labelColumns = Math.min(24, Math.floor((columns - names) / 2) - TABLE_GAP);
  return renderTable({ head: ["", ...sides.map(({ label }) => truncate(plain(label), labelColumns))], rows }, style);
}

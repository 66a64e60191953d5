// What happened when: rate, latency, connections and memory over one time axis.

import { formatBytes, formatCount, formatDurationUs, formatRate, formatShortCount } from "../../core/units.ts";
import type { Result, SeriesLine } from "../../result/result.ts";
import { AXIS_COLUMNS, labelColumnsOf, type Panel, renderPanels } from "../chart/panel.ts";
import { type Scale, scaleForBytes, scaleForCounts, scaleFromZero } from "../chart/scale.ts";
import { largest, mean, middle, resample, type TimeAxis, timeAxis } from "../chart/time_axis.ts";
import { renderProse } from "../text/facts.ts";
import type { Style } from "../text/style.ts";
import { formatResponse } from "./percentile_table.ts";

/** The panels of one result at a width; empty where the run left no series. */
export function renderTimeline(result: Result, columns: number, style: Style): string[] {
  if (result.series.length === 0) {
    return renderProse("The run ended before its first second was recorded.", columns, style.faint);
  }
  // The label width decides the chart's width, and the chart's width does not change the labels.
  const labelColumns = labelColumnsOf(panelsOf(result, timeAxis(result.series, 1), style));
  const axis = timeAxis(result.series, columns - labelColumns - AXIS_COLUMNS);
  return renderPanels(panelsOf(result, axis, style), axis, labelColumns, style);
}

function panelsOf(result: Result, axis: TimeAxis, style: Style): Panel[] {
  return [
    latencyPanel(result, axis, style),
    liveConnectionsPanel(result, axis, style),
    rssPanel(result, axis, style),
    ratePanel(result, axis, style),
  ];
}

/** Where two results are compared, a panel's scale comes from both. */
export interface PanelOptions {
  readonly scale?: Scale;
}

const STEPS = 2;
const ROWS = 4;

/** A line moves by whole rows, so it gets more of them than an area, which moves by eighths. */
const LATENCY_ROWS = 8;

/** p50 and p99 of `response`, second by second; seconds in which nothing ended have none. */
export function latencyPanel(result: Result, axis: TimeAxis, style: Style, options: PanelOptions = {}): Panel {
  const ended = (line: SeriesLine) => line.completed + line.failed > 0;
  const p50 = resample(result.series, axis, (line) => ended(line) ? line.p50Us : undefined, middle);
  const p99 = resample(result.series, axis, (line) => ended(line) ? line.p99Us : undefined, largest);
  return {
    title: "Response time",
    legends: [
      { name: "p99", figure: formatResponse(result, "p99"), paint: style.caution },
      { name: "p50", figure: formatResponse(result, "p50"), paint: style.primary },
    ],
    curves: [
      { shape: "line", values: p99, paint: style.caution },
      { shape: "line", values: p50, paint: style.primary },
    ],
    scale: options.scale ?? latencyScale([result]),
    rows: LATENCY_ROWS,
  };
}

/** Live connections, and the requests that wait for one where any do. */
export function liveConnectionsPanel(result: Result, axis: TimeAxis, style: Style, options: PanelOptions = {}): Panel {
  const { live, waiting } = result.connections;
  const waits = result.series.some((line) => line.waiting > 0);
  const liveValues = resample(result.series, axis, (line) => line.live, largest);
  const waitingValues = resample(result.series, axis, (line) => line.waiting > 0 ? line.waiting : undefined, largest);
  return {
    title: "Live connections",
    legends: [
      { name: waits ? "live" : "", figure: startPeakEnd(live, formatCount), paint: style.primary },
      ...(waits ? [{ name: "waiting", figure: startPeakEnd(waiting, formatCount), paint: style.bad }] : []),
    ],
    curves: [
      ...(waits ? [{ shape: "line", values: waitingValues, paint: style.bad } as const] : []),
      { shape: "area", values: liveValues, paint: style.primary },
    ],
    scale: options.scale ?? liveScale([result]),
    rows: ROWS,
  };
}

/** Resident memory of the generator's own process. */
export function rssPanel(result: Result, axis: TimeAxis, style: Style, options: PanelOptions = {}): Panel {
  return {
    title: "Memory (RSS)",
    legends: [{ name: "", figure: startPeakEnd(result.memory.rssBytes, formatBytes), paint: style.tertiary }],
    curves: [{
      shape: "area",
      values: resample(result.series, axis, (line) => line.rssBytes, largest),
      paint: style.tertiary,
    }],
    scale: options.scale ?? rssScale([result]),
    rows: ROWS,
  };
}

/** Responses per second. */
export function ratePanel(result: Result, axis: TimeAxis, style: Style, options: PanelOptions = {}): Panel {
  const rate = (line: SeriesLine) => ratePerSecond(result, line);
  const values = resample(result.series, axis, rate, mean);
  const most = largest([...result.series.map((line) => rate(line) ?? 0), result.rps.target ?? 0]);
  const target = result.rps.target === null ? "" : ` of ${formatRate(result.rps.target)}`;
  return {
    title: "Completed",
    legends: [{ name: "", figure: `${formatRate(result.rps.achieved)}${target}`, paint: style.good }],
    curves: [{ shape: "line", values, paint: style.good }],
    scale: options.scale ?? scaleForCounts(most, STEPS, (value) => `${formatShortCount(value)}/s`),
    rows: ROWS,
  };
}

/** The scale that holds the latencies of all these results. */
export function latencyScale(results: readonly Result[]): Scale {
  return scaleFromZero(
    highest(results, (line) => Math.max(line.p50Us, line.p99Us)),
    LATENCY_ROWS / 2,
    formatDurationUs,
  );
}

/** The scale that holds the connections of all these results. */
export function liveScale(results: readonly Result[]): Scale {
  return scaleForCounts(highest(results, (line) => Math.max(line.live, line.waiting)), STEPS, formatShortCount);
}

/** The scale that holds the memory of all these results. */
export function rssScale(results: readonly Result[]): Scale {
  const sizes = results.flatMap((result) => result.series.map((line) => line.rssBytes));
  const lowest = sizes.reduce((least, size) => Math.min(least, size), Infinity);
  return scaleForBytes(Number.isFinite(lowest) ? lowest : 0, Math.max(0, largest(sizes)), STEPS, formatBytes);
}

function highest(results: readonly Result[], valueOf: (line: SeriesLine) => number): number {
  return Math.max(0, largest(results.flatMap((result) => result.series.map(valueOf))));
}

/** A last second that was cut short counts for what there was of it; too little of it is no second to judge by. */
function ratePerSecond(result: Result, line: SeriesLine): number | undefined {
  const lived = Math.min(1, result.durationMs / 1000 - line.second);
  if (lived >= 1) return line.completed;
  return lived < 0.25 ? undefined : line.completed / lived;
}

function startPeakEnd(
  range: { readonly start: number; readonly peak: number; readonly end: number },
  format: (value: number) => string,
): string {
  return `${format(range.start)} → ${format(range.end)}, peak ${format(range.peak)}`;
}

// What happened when: rate, latency, connections and memory over one time axis, of one result or of two to one scale.

import { formatBytes, formatCount, formatDurationUs, formatRate, formatShortCount } from "../../core/units.ts";
import type { SeriesLine } from "../../load/account/series.ts";
import type { Result } from "../../result/result.ts";
import type { Curve, Panel, Panels, Scale, Section } from "../section.ts";
import { countsCalls } from "./ledger.ts";
import { formatResponse } from "./percentile_table.ts";
import { scaleForBytes, scaleForCounts, scaleFromZero } from "./scale.ts";

const STEPS = 2;

/** Lines of latencies cross each other: they need the room. */
const LATENCY_STEPS = 4;

/** Everything that a run's seconds tell. */
export function timelineSection(result: Result): Section {
  if (result.series.length === 0) {
    const text = "The run ended before its first second was recorded.";
    return { title: "Over time", blocks: [{ kind: "prose", text, tone: "faint" }] };
  }
  const panels = [
    latencyPanel(result, [result]),
    connectionsPanel(result, [result]),
    memoryPanel(result, [result]),
    ratePanel(result),
  ];
  return { title: "Over time", blocks: [panelsOf(result, [result], panels)] };
}

/** Connections, memory and latency of one of several results, all drawn over the same axes. */
export function comparedPanels(result: Result, all: readonly Result[]): Panels {
  return panelsOf(result, all, [connectionsPanel(result, all), memoryPanel(result, all), latencyPanel(result, all)]);
}

function panelsOf({ series }: Result, all: readonly Result[], panels: readonly Panel[]): Panels {
  const spanSeconds = 1 + highest(all, ({ second }) => second);
  return { kind: "panels", spanSeconds, seconds: series.map(({ second }) => second), panels };
}

/** p50 and p99 of `response`, second by second; seconds in which nothing ended have none. */
function latencyPanel(result: Result, all: readonly Result[]): Panel {
  const valuesOf = (field: "p50Us" | "p99Us") =>
    result.series.map((line) => line.completed + line.failed > 0 ? line[field] : null);
  const most = highest(all, ({ p50Us, p99Us }) => Math.max(p50Us, p99Us));
  const line = { shape: "line" } as const;
  return {
    title: "Response time",
    curves: [
      {
        ...line,
        name: "p99",
        figure: formatResponse(result, "p99"),
        tone: "caution",
        values: valuesOf("p99Us"),
        reduce: "largest",
      },
      // The middle one: an average of percentiles would be no percentile of anything.
      {
        ...line,
        name: "p50",
        figure: formatResponse(result, "p50"),
        tone: "primary",
        values: valuesOf("p50Us"),
        reduce: "middle",
      },
    ],
    scale: scaleFromZero(most, LATENCY_STEPS, formatDurationUs),
  };
}

/** Live connections, and the requests that wait for one where any do. */
function connectionsPanel(result: Result, all: readonly Result[]): Panel {
  const { series, connections } = result;
  const waits = series.some(({ waiting }) => waiting > 0);
  const live: Curve = {
    name: waits ? "live" : "",
    figure: startPeakEnd(connections.live, formatCount),
    tone: "primary",
    shape: "area",
    values: series.map((line) => line.live),
    reduce: "largest",
  };
  const waiting: Curve = {
    name: "waiting",
    figure: startPeakEnd(connections.waiting, formatCount),
    tone: "bad",
    shape: "line",
    values: series.map((line) => line.waiting > 0 ? line.waiting : null),
    reduce: "largest",
  };
  const most = highest(all, (line) => Math.max(line.live, line.waiting));
  return {
    title: countsCalls(result) ? "Open calls" : "Live connections",
    curves: waits ? [live, waiting] : [live],
    scale: scaleForCounts(most, STEPS, formatShortCount),
  };
}

/** Resident memory of the generator's own process. */
function memoryPanel({ series, memory }: Result, all: readonly Result[]): Panel {
  return {
    title: "Memory (RSS)",
    curves: [{
      name: "",
      figure: startPeakEnd(memory.rssBytes, formatBytes),
      tone: "tertiary",
      shape: "area",
      values: series.map(({ rssBytes }) => rssBytes),
      reduce: "largest",
    }],
    scale: memoryScale(all),
  };
}

/** Responses per second. */
function ratePanel(result: Result): Panel {
  const { series, rps } = result;
  const values = series.map((line) => ratePerSecond(result, line));
  const most = values.reduce<number>((most, value) => Math.max(most, value ?? 0), rps.target ?? 0);
  const target = rps.target === null ? "" : ` of ${formatRate(rps.target)}`;
  return {
    title: "Completed",
    curves: [{
      name: "",
      figure: `${formatRate(rps.achieved)}${target}`,
      tone: "good",
      shape: "line",
      values,
      reduce: "mean",
    }],
    scale: scaleForCounts(most, STEPS, (value) => `${formatShortCount(value)}/s`),
  };
}

function memoryScale(results: readonly Result[]): Scale {
  const sizes = results.flatMap(({ series }) => series.map(({ rssBytes }) => rssBytes));
  const lowest = sizes.reduce((least, size) => Math.min(least, size), Infinity);
  const most = highest(results, ({ rssBytes }) => rssBytes);
  return scaleForBytes(Number.isFinite(lowest) ? lowest : 0, most, STEPS, formatBytes);
}

/** The largest value in any second of these results; 0 where there is no second. */
function highest(results: readonly Result[], valueOf: (line: SeriesLine) => number): number {
  return results.flatMap(({ series }) => series).reduce((most, line) => Math.max(most, valueOf(line)), 0);
}

/** A last second that was cut short counts for what there was of it; too little of it is no second to judge by. */
function ratePerSecond(result: Result, line: SeriesLine): number | null {
  const lived = Math.min(1, result.durationMs / 1000 - line.second);
  if (lived >= 1) return line.completed;
  return lived < 0.25 ? null : line.completed / lived;
}

function startPeakEnd(
  range: { readonly start: number; readonly peak: number; readonly end: number },
  format: (value: number) => string,
): string {
  return `${format(range.start)} → ${format(range.end)}, peak ${format(range.peak)}`;
}

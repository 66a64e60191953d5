// What happened when: rate, latency, connections and memory over one time axis, of one result or of two to one scale.

import { formatBytes, formatCount, formatDurationUs, formatRate, formatShortCount } from "../../core/units.ts";
import type { Result, ResultLine } from "../../result/result.ts";
import type { Curve, Panel, Panels, Scale, Section } from "../section.ts";
import { countsCalls } from "./ledger.ts";
import { formatResponse } from "./percentile_table.ts";
import { scaleForBytes, scaleForCounts, scaleFromZero } from "../chart/scale.ts";

const STEPS = 2;

/** Lines of latencies cross each other: they need the room. */
const LATENCY_STEPS = 4;

/** A shorter span shows the noise of a moment as a rate. */
const LEAST_MS = 250;

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
  const spanSeconds = Math.max(...all.map(secondsTold));
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

/** Responses per second while requests were sent, and, where that is long enough to be drawn, after it. */
function ratePanel(result: Result): Panel {
  const { series, rps } = result;
  const target = rps.target === null ? "" : ` of ${formatRate(rps.target)}`;
  const curve = { shape: "line", reduce: "mean" } as const;
  const sending: Curve = {
    ...curve,
    name: "",
    figure: `${formatRate(rps.achieved)}${target}`,
    tone: "good",
    values: series.map((line) => sendingRate(result, line)),
  };
  const grace: Curve = {
    ...curve,
    name: "in the grace",
    figure: formatCount(rps.answeredInGrace ?? 0),
    tone: "secondary",
    values: series.map(({ answeredInGrace = 0, graceMs = 0 }) => perSecond(answeredInGrace, graceMs)),
  };
  const waits = grace.values.some((value) => value !== null);
  const curves = waits ? [{ ...sending, name: "while sending" }, grace] : [sending];
  const values = curves.flatMap((curve) => curve.values);
  const most = values.reduce<number>((most, value) => Math.max(most, value ?? 0), rps.target ?? 0);
  return { title: "Completed", curves, scale: scaleForCounts(most, STEPS, (value) => `${formatShortCount(value)}/s`) };
}

function memoryScale(results: readonly Result[]): Scale {
  const sizes = results.flatMap(({ series }) => series.map(({ rssBytes }) => rssBytes));
  const lowest = sizes.reduce((least, size) => Math.min(least, size), Infinity);
  const most = highest(results, ({ rssBytes }) => rssBytes);
  return scaleForBytes(Number.isFinite(lowest) ? lowest : 0, most, STEPS, formatBytes);
}

/** The largest value in any second of these results; 0 where there is no second. */
function highest(results: readonly Result[], valueOf: (line: ResultLine) => number): number {
  return results.flatMap(({ series }) => series).reduce((most, line) => Math.max(most, valueOf(line)), 0);
}

/** How long a line is, in seconds. Files of earlier versions do not say how long a last line is that was cut short. */
export function lengthOf({ durationMs }: Result, { second, lengthMs }: ResultLine): number {
  if (lengthMs !== undefined) return lengthMs / 1000;
  const left = durationMs / 1000 - second;
  return left > 0 ? Math.min(1, left) : 1;
}

/** When a run's last line ends. */
function secondsTold(result: Result): number {
  const last = result.series.at(-1);
  return last === undefined ? 1 : last.second + (last.lengthMs === undefined ? 1 : lengthOf(result, last));
}

/** Of the part of a line in which requests were sent: what came later tells nothing of the rate. */
function sendingRate(result: Result, line: ResultLine): number | null {
  const { second, lengthMs, completed, answeredInGrace = 0, graceMs = 0 } = line;
  const ms = lengthMs === undefined
    ? Math.min(1000, Math.max(0, result.durationMs - second * 1000))
    : lengthMs - graceMs;
  return perSecond(completed - answeredInGrace, ms);
}

/** Too short a part of a second is none to judge by. */
function perSecond(count: number, ms: number): number | null {
  return ms < LEAST_MS ? null : (count * 1000) / ms;
}

function startPeakEnd(
  range: { readonly start: number; readonly peak: number; readonly end: number },
  format: (value: number) => string,
): string {
  return `${format(range.start)} → ${format(range.end)}, peak ${format(range.peak)}`;
}

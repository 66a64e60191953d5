// The figures by which results are compared: where each is found, how it reads, and which way is better.

import { formatBytes, formatCount, formatDurationUs, formatRate } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { countsCalls } from "../section/ledger.ts";

/** One figure of a result; `value` is null if the run has none. */
export interface Metric {
  readonly name: string;
  readonly value: (result: Result) => number | null;
  readonly format: (value: number) => string;
  /** Left out if neither way is plainly better. */
  readonly better?: "lower" | "higher";
}

/** A difference below this share is noise between two runs, and is not called better. */
const CLEAR_SHARE = 0.05;

export const RATE: Metric = {
  name: "rate achieved",
  value: ({ rps }) => rps.achieved,
  format: formatRate,
  better: "higher",
};

export const RATE_TARGET: Metric = { name: "rate asked for", value: ({ rps }) => rps.target, format: formatRate };

const IN_GRACE: Metric = {
  name: "answered in the grace",
  value: ({ rps }) => rps.answeredInGrace ?? null,
  format: formatCount,
};

export const P50 = responseMetric("p50");
export const P99 = responseMetric("p99");

/** p50, p90, p99, p99.9 and max of `response`. */
export const LATENCIES: readonly Metric[] = [
  P50,
  responseMetric("p90"),
  P99,
  responseMetric("p999", "p99.9"),
  responseMetric("max"),
];

export const COMPLETED: Metric = {
  name: "completed",
  value: ({ requests }) => requests.completed,
  format: formatCount,
};

export const ERRORS: Metric = {
  name: "errors",
  value: ({ requests }) => requests.failed,
  format: formatCount,
  better: "lower",
};

export const DIALED: Metric = {
  name: "dialed",
  value: (result) => countsCalls(result) ? null : result.connections.dialed,
  format: formatCount,
};

export const LIVE_AT_END: Metric = {
  name: "live at the end",
  value: ({ connections }) => connections.live.end,
  format: formatCount,
};

export const RSS_GROWTH: Metric = {
  name: "RSS growth",
  value: ({ memory }) => memory.rssBytes.end - memory.rssBytes.start,
  format: formatBytes,
  better: "lower",
};

export const RSS_PER_HELD: Metric = {
  name: "RSS per held body",
  value: ({ memory }) => memory.rssBytesPerHeld,
  format: formatBytes,
  better: "lower",
};

/** What a comparison shows, top to bottom. */
export const COMPARED: readonly Metric[] = [
  RATE,
  RATE_TARGET,
  IN_GRACE,
  ...LATENCIES,
  ERRORS,
  { name: "RSS at start", value: ({ memory }) => memory.rssBytes.start, format: formatBytes },
  { name: "RSS at peak", value: ({ memory }) => memory.rssBytes.peak, format: formatBytes, better: "lower" },
  { name: "RSS at end", value: ({ memory }) => memory.rssBytes.end, format: formatBytes },
  RSS_PER_HELD,
  DIALED,
  {
    name: "reused",
    value: (result) => countsCalls(result) ? null : result.connections.reused,
    format: formatCount,
  },
  LIVE_AT_END,
  {
    name: "CPU per request",
    value: ({ generator, requests }) => requests.offered === 0 ? null : generator.cpuUsPerRequest,
    format: formatDurationUs,
    better: "lower",
  },
];

/** What a comparison shows below that of results that settled, where any did. */
export const COMPARED_AFTER_SETTLING: readonly Metric[] = [
  { name: "live after settling", value: ({ settle }) => settle?.live ?? null, format: formatCount },
  {
    name: "held after settling",
    value: ({ settle }) => settle?.heldBodies ?? null,
    format: formatCount,
    better: "lower",
  },
  {
    name: "RSS after settling",
    value: ({ settle }) => settle?.rssBytes ?? null,
    format: formatBytes,
    better: "lower",
  },
];

/** Which of the values is clearly the best: ahead of every other by a twentieth at least; -1 if none is. */
export function clearlyBest(metric: Metric, values: readonly (number | null)[]): number {
  const present = values.flatMap((value, index) => value === null ? [] : [{ value, index }]);
  if (metric.better === undefined || present.length < 2) return -1;
  const sign = metric.better === "lower" ? 1 : -1;
  const [first, second] = present.sort((a, b) => sign * (a.value - b.value));
  return changeClearly(second!.value, first!.value) ? first!.index : -1;
}

/** Whether a metric's change is an improvement, the opposite, or clearly neither. */
export function judgeChange(metric: Metric, from: number, to: number): "better" | "worse" | "neither" {
  if (metric.better === undefined || !changeClearly(from, to)) return "neither";
  return (to < from) === (metric.better === "lower") ? "better" : "worse";
}

function changeClearly(from: number, to: number): boolean {
  return Math.abs(to - from) > CLEAR_SHARE * Math.max(Math.abs(from), Math.abs(to));
}

function responseMetric(field: "p50" | "p90" | "p99" | "p999" | "max", name: string = field): Metric {
  return {
    name: `response ${name}`,
    value: ({ latencyUs }) => latencyUs.response.count === 0 ? null : latencyUs.response[field],
    format: formatDurationUs,
    better: "lower",
  };
}

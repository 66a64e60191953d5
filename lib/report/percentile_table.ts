// The three latencies side by side: what a client felt, what the server took, and how late the generator was.

import type { Latency, Result } from "./result.ts";
import type { Style } from "./style.ts";
import { renderTable } from "./table.ts";
import { formatCount, formatDuration, NO_VALUE } from "./units.ts";

const ROWS: readonly (readonly [name: string, field: Exclude<keyof Latency, "hdr" | "count">])[] = [
  ["min", "min"],
  ["p50", "p50"],
  ["p75", "p75"],
  ["p90", "p90"],
  ["p99", "p99"],
  ["p99.9", "p999"],
  ["p99.99", "p9999"],
  ["max", "max"],
  ["mean", "mean"],
  ["std dev", "stdDev"],
];

/** Percentiles of response, service and lag. */
export function renderPercentiles(result: Result, style: Style): string[] {
  const { response, service, lag } = result.latencyUs;
  const latencies = [response, service, lag];
  const rows = ROWS.map(([name, field]) => [
    name,
    ...latencies.map((latency) => latency.count === 0 ? NO_VALUE : formatDuration(latency[field])),
  ]);
  rows.push(["count", ...latencies.map(({ count }) => formatCount(count))]);
  return renderTable({ head: ["", "response", "service", "lag"], rows }, style);
}

/** What the three columns measure. */
export const PERCENTILE_NOTE = "response: due → last byte · service: sent → last byte · lag: due → sent";

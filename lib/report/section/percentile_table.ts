// The latencies side by side: what a client felt, what the server took, how late requests were sent, and how much of that
// was the wait for a connection.

import { formatCount, formatDurationUs, NO_VALUE } from "../../core/units.ts";
import type { Latency, Result } from "../../result/result.ts";
import { plain, truncate } from "../text/layout.ts";
import type { Style } from "../text/style.ts";
import { renderTable } from "../text/table.ts";
import { byCount } from "./accounting.ts";

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

/** A narrower table does without the wait, which is a part of the lag. */
const MIN_WAIT_COLUMNS = 56;

/** Percentiles of response, service, lag and, where any request waited for a connection, that wait. */
export function renderPercentiles(result: Result, columns: number, style: Style): string[] {
  const { response, service, lag, wait } = result.latencyUs;
  const waited = wait.max > 0 && columns >= MIN_WAIT_COLUMNS;
  const latencies = [service, lag, ...(waited ? [wait] : [])];
  const rows = ROWS.map(([name, field]) => [
    name,
    formatResponse(result, field),
    ...latencies.map((latency) => latency.count === 0 ? NO_VALUE : formatDurationUs(latency[field])),
  ]);
  rows.push(["count", ...[response, ...latencies].map(({ count }) => formatCount(count))]);
  return renderTable({ head: ["", "response", "service", "lag", ...(waited ? ["wait"] : [])], rows }, style);
}

/** A figure of `response`: "≥ 1.20 s" where requests without an end could raise it. */
export function formatResponse({ latencyUs: { response } }: Result, field: keyof Latency): string {
  if (response.count === 0) return NO_VALUE;
  const isLowerBound = (response.lowerBounds as readonly string[]).includes(field);
  return `${isLowerBound ? "≥ " : ""}${formatDurationUs(Number(response[field]))}`;
}

/** What the columns measure, and what their marks mean. */
export function percentileNote({ requests, latencyUs }: Result): string {
  const notes = ["response: due → last byte", "service: sent → last byte", "lag: due → sent"];
  if (latencyUs.wait.max > 0) notes.push("wait: its part without a connection");
  if (requests.censored > 0) {
    notes.push(`≥: at least, ${formatCount(requests.censored)} without an end count with their age`);
  }
  return notes.join(" · ");
}

/** A long code is cut, so that its figures fit beside it. */
const ERROR_COLUMNS = 30;

/** The response times of what failed, by phase and code, most first; empty where nothing did. */
export function renderErrorLatencies({ requests, latencyUs: { byError } }: Result, style: Style): string[] {
  const failed = byCount(requests.byError).flatMap(([key]) => byError[key] === undefined ? [] : [[key, byError[key]]]);
  if (failed.length === 0) return [];
  const rows = (failed as [string, Latency][]).map(([key, { count, p50, p99, max }]) => [
    truncate(plain(key), ERROR_COLUMNS),
    formatCount(count),
    ...[p50, p99, max].map(formatDurationUs),
  ]);
  return renderTable({ head: ["", "count", "p50", "p99", "max"], rows }, style);
}

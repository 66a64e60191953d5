// The latencies side by side: what a client felt, what the server took, how late requests were sent, and how much of that
// was the wait for a connection.

import { formatCount, formatDurationUs, NO_VALUE } from "../../core/units.ts";
import type { Latency, Result } from "../../result/result.ts";
import { plain } from "../foreign_text.ts";
import type { Column, Section } from "../section.ts";
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

/** Percentiles of response, service, lag and, if any request waited for a connection, that wait. */
export function percentilesSection(result: Result): Section {
  const { response, service, lag, wait } = result.latencyUs;
  const waited = wait.max > 0;
  const latencies = [service, lag, ...(waited ? [wait] : [])];
  const rows = ROWS.map(([name, field]) => [
    name,
    formatResponse(result, field),
    ...latencies.map((latency) => latency.count === 0 ? NO_VALUE : formatDurationUs(latency[field])),
  ]);
  rows.push(["count", ...[response, ...latencies].map(({ count }) => formatCount(count))]);
  const columns: Column[] = ["", "response", "service", "lag"].map((name) => ({ name }));
  if (waited) columns.push({ name: "wait", whenNarrow: "leaveOut" }); // it is a part of the lag
  return {
    title: "Latency",
    blocks: [{ kind: "table", columns, rows }, { kind: "prose", text: noteOf(result), tone: "faint" }],
  };
}

/** A figure of `response`: "≥ 1.20 s" where requests without an end could raise it. */
export function formatResponse({ latencyUs: { response } }: Result, field: keyof Latency): string {
  if (response.count === 0) return NO_VALUE;
  const isLowerBound = (response.lowerBounds as readonly string[]).includes(field);
  return `${isLowerBound ? "≥ " : ""}${formatDurationUs(Number(response[field]))}`;
}

/** What the columns measure, and what their marks mean. */
function noteOf({ requests, latencyUs }: Result): string {
  const notes = ["response: due → last byte", "service: sent → last byte", "lag: due → sent"];
  if (latencyUs.wait.max > 0) notes.push("wait: its part without a connection");
  if (requests.censored > 0) {
    notes.push(`≥: at least, ${formatCount(requests.censored)} without an end count with their age`);
  }
  return notes.join(" · ");
}

/** The response times of what failed, by phase and code, most first; undefined if nothing did. */
export function errorLatenciesSection({ requests, latencyUs: { byError } }: Result): Section | undefined {
  const rows = byCount(requests.byError).flatMap(([key]) => {
    const latency = byError[key];
    if (latency === undefined) return [];
    const { count, p50, p99, max } = latency;
    return [[plain(key), formatCount(count), ...[p50, p99, max].map(formatDurationUs)]];
  });
  if (rows.length === 0) return undefined;
  const names = ["count", "p50", "p99", "max"];
  const columns: Column[] = [{ name: "", whenNarrow: "shorten" }, ...names.map((name) => ({ name }))];
  return { title: "Errors, response time", blocks: [{ kind: "table", columns, rows }] };
}

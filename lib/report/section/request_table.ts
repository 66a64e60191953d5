// How each of several requests fared, one row for each.

import { formatCount, formatDurationUs, NO_VALUE } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { plain, truncate } from "../text/layout.ts";
import type { Style } from "../text/style.ts";
import { renderTable } from "../text/table.ts";
import { byCount } from "./accounting.ts";

/** Figures and gaps of a row leave this much of a line to the names. */
const FIGURE_COLUMNS = 52;

/** The rows in the plan's order; below them, the errors of those that had any. Empty where there is one request only. */
export function renderRequests({ byRequest = [] }: Result, columns: number, style: Style): string[] {
  if (byRequest.length === 0) return [];
  const nameColumns = Math.max(8, columns - FIGURE_COLUMNS);
  const nameOf = (name: string): string => truncate(plain(name), nameColumns);
  const rows = byRequest.map(({ name, offered, completed, failed, response }) => [
    nameOf(name),
    ...[offered, completed, failed].map(formatCount),
    ...[response.p50, response.p99, response.max].map((us) => response.count === 0 ? NO_VALUE : formatDurationUs(us)),
  ]);
  const errors = byRequest.flatMap(({ name, byError }) =>
    byCount(byError).map(([key, count]) => style.bad(`${nameOf(name)}: ${formatCount(count)} ${key}`))
  );
  const head = ["", "offered", "done", "failed", "p50", "p99", "max"];
  return [...renderTable({ head, rows }, style), ...(errors.length === 0 ? [] : ["", ...errors])];
}

// How each of several requests fared, one row for each.

import { formatCount, formatDurationUs, NO_VALUE } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { plain } from "../foreign_text.ts";
import type { Column, Prose, Section } from "../section.ts";
import { byCount } from "./accounting.ts";

/** The rows in the plan's order; below them, the errors of those that had any. Undefined if there is one request only. */
export function requestTableSection({ byRequest = [] }: Result): Section | undefined {
  if (byRequest.length === 0) return undefined;
  const rows = byRequest.map(({ name, offered, completed, failed, response }) => [
    plain(name),
    ...[offered, completed, failed].map(formatCount),
    ...[response.p50, response.p99, response.max].map((us) => response.count === 0 ? NO_VALUE : formatDurationUs(us)),
  ]);
  const errors = byRequest.flatMap(({ name, byError }) =>
    byCount(byError).map(([key, count]): Prose => ({
      kind: "prose",
      text: `${plain(name)}: ${formatCount(count)} ${key}`,
      tone: "bad",
    }))
  );
  const names = ["offered", "done", "failed", "p50", "p99", "max"];
  const columns: Column[] = [{ name: "", whenNarrow: "shorten" }, ...names.map((name) => ({ name }))];
  return { title: "By request", blocks: [{ kind: "table", columns, rows }, ...errors] };
}

// The first lines of a report: what ran, where, and how it ended.

import { formatDurationUs } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { renderProse } from "../text/facts.ts";
import { flow, plain } from "../text/layout.ts";
import type { Style } from "../text/style.ts";
import { renderRateWarning } from "./accounting.ts";
import { renderSaturationWarning } from "./generator.ts";

/** Name, description, runtime, duration and outcome; then whatever the reader must know before the figures. */
export function renderHead(result: Result, columns: number, style: Style): string[] {
  const { plan, runtime, outcome, outcomeReason } = result;
  const [title, ...rest] = renderProse(plain(plan.name) || "loadgen", columns, style.strong);
  const lines = [title!, ...rest];
  if (plain(plan.description) !== "") lines.push(...renderProse(plain(plan.description), columns, (line) => line));
  const where = [
    `${runtime.name} ${plain(runtime.version)}`,
    `${plain(runtime.os)} ${plain(runtime.arch)}`,
    `${runtime.cpus} ${runtime.cpus === 1 ? "CPU" : "CPUs"}`,
    `${runtime.socket} sockets`,
    formatDurationUs(result.durationMs * 1000),
    outcome,
    plain(result.startedAt).replace(/\.\d+Z$/, "Z"),
  ];
  lines.push(...flow(where, columns).map(style.faint));
  if (outcome !== "completed") {
    const text = `The run was ${outcome}${outcomeReason === "" ? "." : `: ${plain(outcomeReason)}`}`;
    lines.push(...renderProse(text, columns, style.caution));
  }
  lines.push(...renderRateWarning(result, columns, style));
  lines.push(...renderSaturationWarning(result, columns, style));
  return lines;
}

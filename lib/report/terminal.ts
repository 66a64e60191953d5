// The report of one run for a terminal: sections from other files, put together for the width there is.

import type { Result } from "../result/result.ts";
import { renderHistogram } from "./chart/histogram_chart.ts";
import { renderAccounting } from "./section/accounting.ts";
import { renderChanges } from "./section/changes.ts";
import { renderGenerator } from "./section/generator.ts";
import { renderHead } from "./section/head.ts";
import { renderLedger } from "./section/ledger.ts";
import { percentileNote, renderErrorLatencies, renderPercentiles } from "./section/percentile_table.ts";
import { renderRequests } from "./section/request_table.ts";
import { renderThresholds } from "./section/threshold_words.ts";
import { renderTimeline } from "./section/timeline.ts";
import { renderVerdict } from "./section/verdict.ts";
import { renderWorkers } from "./section/worker_table.ts";
import { renderProse } from "./text/facts.ts";
import { beside, indent } from "./text/layout.ts";
import { finishPage, PAGE_MARGIN, TEXT_COLUMNS } from "./text/page.ts";
import { type RenderOptions, type Style, styleFor, usableColumns } from "./text/style.ts";

/** From here on, sections that are narrow by nature stand beside each other. */
const WIDE_COLUMNS = 132;

/** What stands under a section's heading is moved in by this. */
const MARGIN = 2;

/**
 * The whole report of one result, without a newline at the end. No line is wider than `options.columns`. Throws
 * where the result's HDR strings cannot be decoded.
 */
export function renderTerminal(result: Result, options: RenderOptions): string {
  const style = styleFor(options);
  const columns = usableColumns(options) - PAGE_MARGIN;
  const text = Math.min(columns, TEXT_COLUMNS);
  const sections = [
    renderHead(result, text, style),
    section("Requests", renderAccounting(result, text - MARGIN, style), style),
    ...requestSections(result, text, style),
    section("Over time", renderTimeline(result, columns - MARGIN, style), style),
    ...changeSections(result, style),
    ...latencySections(result, columns, style),
    ...connectionSections(result, columns, style),
    ...workerSections(result, text, style),
    ...thresholdSections(result, text - MARGIN, style),
    section("Verdict", renderVerdict(result, text - MARGIN, style), style),
  ];
  return finishPage(sections.flatMap((lines, index) => index === 0 ? lines : ["", ...lines]), options);
}

function changeSections(result: Result, style: Style): string[][] {
  const lines = renderChanges(result, style);
  return lines.length === 0 ? [] : [section("Changed by hand", lines, style)];
}

function requestSections(result: Result, columns: number, style: Style): string[][] {
  const lines = renderRequests(result, columns - MARGIN, style);
  return lines.length === 0 ? [] : [section("By request", lines, style)];
}

function workerSections(result: Result, columns: number, style: Style): string[][] {
  const lines = renderWorkers(result, columns - MARGIN, style);
  return lines.length === 0 ? [] : [section("Workers", lines, style)];
}

function latencySections(result: Result, columns: number, style: Style): string[][] {
  const errors = renderErrorLatencies(result, style);
  const errorSections = errors.length === 0 ? [] : [section("Errors, response time", errors, style)];
  if (columns < WIDE_COLUMNS) {
    const percentiles = renderPercentiles(result, columns - MARGIN, style);
    return [
      section(
        "Response time, distribution",
        renderHistogram(result.latencyUs.response, columns - MARGIN, style),
        style,
      ),
      section("Latency", [...percentiles, "", ...note(result, columns - MARGIN, style)], style),
      ...errorSections,
    ];
  }
  const rightColumns = COLUMN_COLUMNS - MARGIN;
  const percentiles = renderPercentiles(result, rightColumns, style);
  const right = section("Latency", [...percentiles, "", ...note(result, rightColumns, style)], style);
  const leftColumns = columns - COLUMN_COLUMNS - GUTTER;
  const bars = renderHistogram(result.latencyUs.response, leftColumns - MARGIN, style);
  return [beside(section("Response time, distribution", bars, style), right, leftColumns + GUTTER), ...errorSections];
}

function connectionSections(result: Result, columns: number, style: Style): string[][] {
  if (columns < WIDE_COLUMNS) {
    const text = Math.min(columns, TEXT_COLUMNS) - MARGIN;
    return [
      section("Connections", renderLedger(result, text, style), style),
      section("Generator", renderGenerator(result, text, style), style),
    ];
  }
  const leftColumns = columns - COLUMN_COLUMNS - GUTTER;
  const left = section("Connections", renderLedger(result, Math.min(leftColumns, TEXT_COLUMNS) - MARGIN, style), style);
  const right = section("Generator", renderGenerator(result, COLUMN_COLUMNS - MARGIN, style), style);
  return [beside(left, right, leftColumns + GUTTER)];
}

function thresholdSections(result: Result, columns: number, style: Style): string[][] {
  const kinds = [["Thresholds", "mustHold"], ["Fail if", "failIf"]] as const;
  return kinds.flatMap(([title, kind]) => {
    const lines = renderThresholds(result, kind, columns, style);
    return lines.length === 0 ? [] : [section(title, lines, style)];
  });
}

/** The right-hand column of a wide report. */
const COLUMN_COLUMNS = 60;

const GUTTER = 4;

function section(title: string, lines: readonly string[], style: Style): string[] {
  return [style.heading(title), ...indent(lines, MARGIN)];
}

function note(result: Result, columns: number, style: Style): string[] {
  return renderProse(percentileNote(result), columns, style.faint);
}

// The reports for a terminal: their sections one under the other, or two beside each other where it is wide.

import type { Pair } from "../result/difference/pair.ts";
import type { Result } from "../result/result.ts";
import { type ComparisonColumn, comparisonReport } from "./comparison/comparison.ts";
import type { LabelledResult } from "./comparison/labelled_result.ts";
import { sideBySideReport } from "./comparison/side_by_side.ts";
import { renderSection } from "./painter.ts";
import { runReport } from "./run_report.ts";
import type { Report, Section } from "./section.ts";
import { beside } from "./text/layout.ts";
import { finishPage, PAGE_MARGIN } from "./text/page.ts";
import { type RenderOptions, type Style, styleFor, usableColumns } from "./text/style.ts";

/** Between two sections beside each other. */
const GUTTER = 4;

/** From here on, two sections of a run stand beside each other; the right one is as wide as told. */
const WIDE_COLUMNS = 132;
const RIGHT_COLUMNS = 60;

/** From here on, two runs stand beside each other. */
const HALVES_COLUMNS = 98;

/** How wide two sections of a row are; undefined: each has the whole width. */
type Split = (columns: number) => readonly [left: number, right: number] | undefined;

/**
 * The whole report of one result, without a newline at the end. No line is wider than `options.columns`. Throws
 * if the result's HDR strings cannot be decoded.
 */
export function renderTerminal(result: Result, options: RenderOptions): string {
  return renderReport(
    runReport(result),
    options,
    (columns) => columns < WIDE_COLUMNS ? undefined : [columns - RIGHT_COLUMNS - GUTTER, RIGHT_COLUMNS],
  );
}

/** Two runs that differ in one thing: their panels to the same scales, key figures, and the difference in words. */
export function renderSideBySide(left: LabelledResult, right: LabelledResult, options: RenderOptions): string {
  return renderReport(sideBySideReport(left, right), options, (columns) => {
    const half = Math.floor((columns - GUTTER) / 2);
    return columns < HALVES_COLUMNS ? undefined : [half, half];
  });
}

/**
 * One column for each result, in as many tables as the width takes, what each differs in from the first, then the verdicts
 * in words. `pairs`: those differences, where they are known already, with the rules that they were held to.
 */
export function renderComparison(
  columns: readonly ComparisonColumn[],
  options: RenderOptions,
  pairs?: readonly Pair[],
): string {
  return renderReport(comparisonReport(columns, pairs), options, () => undefined);
}

function renderReport(report: Report, options: RenderOptions, split: Split): string {
  const style = styleFor(options);
  const columns = usableColumns(options) - PAGE_MARGIN;
  const widths = split(columns);
  const lines: string[] = [];
  let above: Section | undefined;
  for (const [left, right] of report) {
    // Remarks follow each other closely.
    if (above !== undefined && (above.mark === undefined || left.mark === undefined)) lines.push("");
    lines.push(...renderRow(left, right, widths, columns, style));
    above = right ?? left;
  }
  return finishPage(lines, options);
}

function renderRow(
  left: Section,
  right: Section | undefined,
  widths: ReturnType<Split>,
  columns: number,
  style: Style,
): string[] {
  if (right === undefined) return renderSection(left, columns, style);
  if (widths === undefined) {
    return [...renderSection(left, columns, style), "", ...renderSection(right, columns, style)];
  }
  const [leftColumns, rightColumns] = widths;
  return beside(
    renderSection(left, leftColumns, style),
    renderSection(right, rightColumns, style),
    leftColumns + GUTTER,
  );
}

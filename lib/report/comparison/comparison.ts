// Results side by side in a table: runtimes under the same plan, or stored results.

import { formatChange, NO_VALUE } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { verdictPaint, verdictWords } from "../section/verdict.ts";
import { flow, indent, plain, sentence, truncateMiddle, widthOf, wrap } from "../text/layout.ts";
import { finishPage, PAGE_MARGIN } from "../text/page.ts";
import { type RenderOptions, type Style, styleFor, usableColumns } from "../text/style.ts";
import { renderTable, TABLE_GAP } from "../text/table.ts";
import { clearlyBest, COMPARED, judgeChange, type Metric } from "./metric.ts";

/** One column: a result, or why there is none (the runtime is missing, or died). */
export interface ComparisonColumn {
  /** A runtime's name, or a file's. */
  readonly label: string;
  readonly result?: Result;
  readonly problem?: string;
}

/** A column made ready: its cells from top to bottom. */
interface Rendered {
  readonly head: string;
  readonly cells: readonly string[];
  readonly align: "left" | "right";
}

/** A label longer than this loses its middle. */
const MAX_LABEL_COLUMNS = 24;

/** How wide the words stand that take a missing result's place. */
const PROBLEM_COLUMNS = 18;

const BEST = "★";

const TEXT_ROWS: readonly (readonly [name: string, text: (result: Result, style: Style) => string])[] = [
  ["runtime", ({ runtime }) => `${runtime.name} ${plain(runtime.version)}`],
  ["socket adapter", ({ runtime }) => runtime.socket],
  ["outcome", ({ outcome }, style) => outcome === "completed" ? outcome : style.caution(outcome)],
  [
    "generator",
    ({ generator }, style) => (generator.verdict === "saturated" ? style.caution : plain)(generator.verdict),
  ],
  ["verdict", ({ leak }, style) => verdictPaint(leak.verdict, style)(verdictWords(leak.verdict))],
];

/**
 * One column for each result. Exactly two results also get the change from the first to the second. Where they do not fit
 * beside each other, the columns go on in a further table. Without a newline at the end.
 */
export function renderComparison(columns: readonly ComparisonColumn[], options: RenderOptions): string {
  const style = styleFor(options);
  const width = usableColumns(options) - PAGE_MARGIN;
  const names = [...COMPARED.map(({ name }) => name), ...TEXT_ROWS.map(([name]) => name)];
  const rendered = renderColumns(columns, names.length, style);
  const lines: string[] = [];
  for (const group of groupsThatFit(rendered, names, width)) {
    if (lines.length > 0) lines.push("");
    const head = ["", ...group.map((column) => column.head)];
    const rows = names.map((name, row) => [style.faint(name), ...group.map((column) => column.cells[row]!)]);
    lines.push(...renderTable({ head, rows }, style, { align: ["left", ...group.map((column) => column.align)] }));
  }
  lines.push("", ...legend(columns, width, style), ...columns.flatMap((column) => inWords(column, width, style)));
  return finishPage(lines, options);
}

function renderColumns(columns: readonly ComparisonColumn[], rows: number, style: Style): Rendered[] {
  const rendered = columns.map((column, index): Rendered => {
    const head = truncateMiddle(plain(column.label), MAX_LABEL_COLUMNS);
    if (column.result === undefined) return { head, cells: problemCells(column, rows, style), align: "left" };
    return { head, cells: resultCells(column.result, index, columns, style), align: "right" };
  });
  const [a, b] = columns.map(({ result }) => result);
  if (columns.length === 2 && a !== undefined && b !== undefined) rendered.push(changeColumn(a, b, style));
  return rendered;
}

function resultCells(result: Result, index: number, columns: readonly ComparisonColumn[], style: Style): string[] {
  const figures = COMPARED.map((metric) => {
    const value = metric.value(result);
    if (value === null) return style.faint(NO_VALUE);
    const values = columns.map((column) => column.result === undefined ? null : metric.value(column.result));
    return alike(columns) && clearlyBest(metric, values) === index
      ? style.good(`${BEST} ${metric.format(value)}`)
      : metric.format(value);
  });
  return [...figures, ...TEXT_ROWS.map(([, text]) => text(result, style))];
}

/** The words run down the column, in the place of the figures that are missing. */
function problemCells(column: ComparisonColumn, rows: number, style: Style): string[] {
  const lines = wrap(`no result: ${problemOf(column)}`, PROBLEM_COLUMNS);
  return Array.from({ length: rows }, (_, row) => {
    const more = row === rows - 1 && lines.length > rows;
    return style.bad(more ? "…" : lines[row] ?? "");
  });
}

function changeColumn(from: Result, to: Result, style: Style): Rendered {
  const change = (metric: Metric): string => {
    const [a, b] = [metric.value(from), metric.value(to)];
    if (a === null || b === null) return style.faint(NO_VALUE);
    const words = formatChange(a, b);
    switch (alike([{ result: from }, { result: to }]) ? judgeChange(metric, a, b) : "neither") {
      case "better":
        return style.good(words);
      case "worse":
        return style.bad(words);
      case "neither":
        return words;
    }
  };
  return { head: "change", cells: [...COMPARED.map(change), ...TEXT_ROWS.map(() => "")], align: "right" };
}

/** As many columns at a time as the width takes, at least one. */
function groupsThatFit(columns: readonly Rendered[], names: readonly string[], width: number): Rendered[][] {
  const nameColumns = Math.max(...names.map(widthOf));
  const groups: Rendered[][] = [];
  let taken = Infinity;
  for (const column of columns) {
    const needed = TABLE_GAP + Math.max(widthOf(column.head), ...column.cells.map(widthOf));
    if (taken + needed > width) {
      groups.push([]);
      taken = nameColumns;
    }
    groups.at(-1)!.push(column);
    taken += needed;
  }
  return groups;
}

function legend(columns: readonly ComparisonColumn[], width: number, style: Style): string[] {
  const results = columns.filter(({ result }) => result !== undefined);
  if (results.length < 2) return [];
  const words = [
    alike(columns)
      ? `${BEST} better than every other by 5 % or more`
      : "no best is marked: not all were asked for the same rate",
  ];
  if (columns.length === 2 && results.length === 2) {
    words.push(`change: ${plain(columns[1]!.label)} against ${plain(columns[0]!.label)}`);
  }
  return [...flow(words, width).map(style.faint), ""];
}

/** Each column's verdict in its own sentence, or the whole problem. */
function inWords(column: ComparisonColumn, width: number, style: Style): string[] {
  const label = style.strong(truncateMiddle(plain(column.label), MAX_LABEL_COLUMNS));
  const { result } = column;
  if (result === undefined) {
    return [`${label}  ${style.bad("no result")}`, ...indent(wrap(problemOf(column), width - 2))];
  }
  const verdict = verdictPaint(result.leak.verdict, style)(verdictWords(result.leak.verdict));
  return [`${label}  ${verdict}`, ...indent(wrap(sentence(result.leak.reason), width - 2))];
}

/** Whether the results were asked for the same rate: under another load, another latency is neither better nor worse. */
function alike(columns: readonly Pick<ComparisonColumn, "result">[]): boolean {
  return new Set(columns.flatMap(({ result }) => result === undefined ? [] : [result.rps.target])).size <= 1;
}

function problemOf(column: ComparisonColumn): string {
  return plain(column.problem ?? "") || "it gave no reason";
}

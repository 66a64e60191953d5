// Results side by side in a table: runtimes under the same plan, or stored results.

import { formatChange, NO_VALUE } from "../../core/units.ts";
import { type Pair, pairsOf } from "../../result/difference/pair.ts";
import type { Result } from "../../result/result.ts";
import { plain, sentence } from "../foreign_text.ts";
import type { Column, Phrases, Report, Section, Table, Text, Tone } from "../section.ts";
import { verdictText } from "../section/verdict.ts";
import { pairSection } from "./differences.ts";
import type { LabelledResult } from "./labelled_result.ts";
import { clearlyBest, COMPARED, COMPARED_AFTER_SETTLING, judgeChange, type Metric } from "./metric.ts";

/** A result by a runtime's name or a file's, or why there is none (the runtime is missing, or died). */
export type ComparisonColumn =
  | LabelledResult & { readonly problem?: never }
  | { readonly label: string; readonly problem: string; readonly result?: never };

const BEST = "★";

const NONE: Text = { text: NO_VALUE, tone: "faint" };

const CHANGE_TONES: Readonly<Record<ReturnType<typeof judgeChange>, Tone>> = {
  better: "good",
  worse: "bad",
  neither: "plain",
};

const TEXT_ROWS: readonly (readonly [name: string, text: (result: Result) => Text])[] = [
  ["runtime", ({ runtime }) => `${runtime.name} ${plain(runtime.version)}`],
  ["socket adapter", ({ runtime }) => runtime.socket],
  ["outcome", ({ outcome }) => outcome === "completed" ? outcome : { text: outcome, tone: "caution" }],
  [
    "generator",
    ({ generator: { verdict } }) => verdict === "saturated" ? { text: verdict, tone: "caution" } : verdict,
  ],
  ["verdict", verdictText],
];

/**
 * The table, what its marks mean, what each pair differs in, and each column's verdict in words. Exactly two results also
 * get the change from the first to the second.
 */
export function comparisonReport(
  columns: readonly ComparisonColumn[],
  pairs: readonly Pair[] = pairsOf(columns),
): Report {
  return [
    [{ title: "", blocks: [tableOf(columns), ...legend(columns)] }],
    ...pairs.map((pair) => [pairSection(pair)] as const),
    ...columns.map((column) => [inWords(column)] as const),
  ];
}

function tableOf(columns: readonly ComparisonColumn[]): Table {
  const change = changeOf(columns);
  return {
    kind: "table",
    columns: [
      { name: "" },
      ...columns.map((column): Column => {
        const name = plain(column.label);
        if (column.result !== undefined) return { name };
        return { name, align: "left", instead: { text: `no result: ${problemOf(column)}`, tone: "bad" } };
      }),
      ...(change === undefined ? [] : [{ name: "change" }]),
    ],
    rows: [
      ...comparedOf(columns).map((metric) => [
        faint(metric.name),
        ...figures(metric, columns),
        ...(change === undefined ? [] : [change(metric)]),
      ]),
      ...TEXT_ROWS.map(([name, text]) => [
        faint(name),
        ...columns.map(({ result }) => result === undefined ? "" : text(result)),
        ...(change === undefined ? [] : [""]),
      ]),
    ],
  };
}

function comparedOf(columns: readonly ComparisonColumn[]): readonly Metric[] {
  const settled = columns.some(({ result }) => result?.settle !== undefined);
  return settled ? [...COMPARED, ...COMPARED_AFTER_SETTLING] : COMPARED;
}

function figures(metric: Metric, columns: readonly ComparisonColumn[]): Text[] {
  const values = columns.map(({ result }) => result === undefined ? null : metric.value(result));
  const best = alike(columns) ? clearlyBest(metric, values) : -1;
  return values.map((value, index) => {
    if (columns[index]!.result === undefined) return "";
    if (value === null) return NONE;
    const figure = metric.format(value);
    return index === best ? { text: `${BEST} ${figure}`, tone: "good" } : figure;
  });
}

/** The change from the first of two results to the second; undefined if there are not two, and only two. */
function changeOf(columns: readonly ComparisonColumn[]): ((metric: Metric) => Text) | undefined {
  const [from, to] = columns.map(({ result }) => result);
  if (columns.length !== 2 || from === undefined || to === undefined) return undefined;
  return (metric) => {
    const [a, b] = [metric.value(from), metric.value(to)];
    if (a === null || b === null) return NONE;
    return { text: formatChange(a, b), tone: CHANGE_TONES[alike(columns) ? judgeChange(metric, a, b) : "neither"] };
  };
}

function legend(columns: readonly ComparisonColumn[]): Phrases[] {
  const results = columns.filter(({ result }) => result !== undefined);
  if (results.length < 2) return [];
  const phrases = [
    alike(columns)
      ? `${BEST} better than every other by 5 % or more`
      : "no best is marked: not all were asked for the same rate",
  ];
  if (changeOf(columns) !== undefined) {
    phrases.push(`change: ${plain(columns[1]!.label)} against ${plain(columns[0]!.label)}`);
  }
  return [{ kind: "phrases", phrases, tone: "faint" }];
}

/** A column's verdict in its own sentence, or the whole problem. */
function inWords(column: ComparisonColumn): Section {
  const [mark, text] = column.result === undefined
    ? [{ text: "no result", tone: "bad" } as const, problemOf(column)]
    : [verdictText(column.result), sentence(column.result.leak.reason)];
  return { title: plain(column.label), mark, blocks: [{ kind: "prose", text, tone: "plain" }] };
}

/** Whether the results were asked for the same rate: under another load, another latency is neither better nor worse. */
function alike(columns: readonly ComparisonColumn[]): boolean {
  return new Set(columns.flatMap(({ result }) => result === undefined ? [] : [result.rps.target])).size <= 1;
}

function problemOf({ problem }: { readonly problem: string }): string {
  return plain(problem) || "it gave no reason";
}

function faint(text: string): Text {
  return { text, tone: "faint" };
}

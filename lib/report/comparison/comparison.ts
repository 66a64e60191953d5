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

/**
 * A result by a runtime's name or a file's, or why there is none (the runtime is missing, or died). With several rounds,
 * the result is the one of them that stands for all.
 */
export type ComparisonColumn =
  | LabelledResult & { readonly rounds?: readonly Result[]; readonly problem?: never }
  | { readonly label: string; readonly problem: string; readonly result?: never; readonly rounds?: never };

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
    [{ title: "", blocks: [tableOf(columns, pairs), ...legend(columns)] }],
    ...pairs.map((pair) => [pairSection(pair)] as const),
    ...columns.map((column) => [inWords(column)] as const),
  ];
}

function tableOf(columns: readonly ComparisonColumn[], pairs: readonly Pair[]): Table {
  const change = changeOf(columns, pairs);
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
        ...figures(metric, columns, pairs),
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

function figures(metric: Metric, columns: readonly ComparisonColumn[], pairs: readonly Pair[]): Text[] {
  const values = columns.map(({ result }) => result === undefined ? null : metric.value(result));
  const best = alike(columns) && !isNoise(metric, pairs) ? clearlyBest(metric, values) : -1;
  return values.map((value, index) => {
    if (columns[index]!.result === undefined) return "";
    if (value === null) return NONE;
    const figure = metric.format(value);
    return index === best ? { text: `${BEST} ${figure}`, tone: "good" } : figure;
  });
}

/** The change from the first of two results to the second; undefined if there are not two, and only two. */
function changeOf(
  columns: readonly ComparisonColumn[],
  pairs: readonly Pair[] = [],
): ((metric: Metric) => Text) | undefined {
  const [from, to] = columns.map(({ result }) => result);
  if (columns.length !== 2 || from === undefined || to === undefined) return undefined;
  return (metric) => {
    const [a, b] = [metric.value(from), metric.value(to)];
    if (a === null || b === null) return NONE;
    const judged = alike(columns) && !isNoise(metric, pairs) ? judgeChange(metric, a, b) : "neither";
    return { text: formatChange(a, b), tone: CHANGE_TONES[judged] };
  };
}

/** Under which name a difference tells of a row. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  "response p50": "p50",
  "response p90": "p90",
  "response p99": "p99",
  "rate achieved": "rps.achieved",
  "errors": "errors",
  "RSS at peak": "rss.peak",
};

/** Whether it is known of a row that no column differs in it from the first. */
function isNoise({ name }: Metric, pairs: readonly Pair[]): boolean {
  const told = pairs.flatMap(({ differences }) => differences.filter(({ metric }) => metric === DIFFERENCES[name]));
  return told.length > 0 && told.every(({ low, verdict }) => low !== null && verdict === "none seen");
}

function legend(columns: readonly ComparisonColumn[]): Phrases[] {
  const results = columns.filter(({ result }) => result !== undefined);
  if (results.length < 2) return [];
  const phrases = [
    alike(columns)
      ? `${BEST} better than every other by 5 % or more, and not by noise alone`
      : "no best is marked: not all were asked for the same rate",
  ];
  if (changeOf(columns) !== undefined) {
    phrases.push(`change: ${plain(columns[1]!.label)} against ${plain(columns[0]!.label)}`);
  }
  const rounds = Math.max(...columns.map(({ rounds = [] }) => rounds.length));
  if (rounds > 1) phrases.push(`the figures: of ${rounds} rounds, the one with the middle p50; differences: of all`);
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

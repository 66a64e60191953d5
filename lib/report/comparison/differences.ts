// What two sides differ in, how sure that is, and what became of the rules over it: as a section of a run that has a
// baseline, and of a comparison.

import {
  formatBytes,
  formatDurationUs,
  formatPercent,
  formatRate,
  formatShortCount,
  formatSlope,
  NO_VALUE,
} from "../../core/units.ts";
import type { ChangeOutcome, Concern, Difference, Unlike } from "../../result/baseline_schema.ts";
import { type Metric, metricNamed } from "../../result/difference/metric.ts";
import type { Pair } from "../../result/difference/pair.ts";
import { RUNTIME_FIELD } from "../../result/difference/unlike.ts";
import type { Result } from "../../result/result.ts";
import { plain } from "../foreign_text.ts";
import type { Block, Prose, Section, Text, Tone } from "../section.ts";

const NONE_SEEN = "no difference that these runs could see";

const FIGURES: Readonly<Record<Metric["figure"], (value: number) => string>> = {
  us: formatDurationUs,
  perSecond: formatRate,
  percent: (value) => formatPercent(value / 100),
  bytes: formatBytes,
  count: formatSlope,
};

const CONCERNS: Readonly<Record<Concern, string>> = {
  latency: "latencies",
  rate: "rates",
  errors: "errors",
  memory: "memory",
  connections: "connections",
};

/** A run against its baseline, in all its figures; undefined without one. */
export function baselineSection({ baseline }: Result): Section | undefined {
  if (baseline === undefined) return undefined;
  const { unlike, differences, rules } = baseline;
  const rows = differences.map((difference): Text[] => [
    { text: difference.metric, tone: "faint" },
    figureOf(difference, difference.a),
    figureOf(difference, difference.b),
    ...cellsOf(difference),
  ]);
  return {
    title: `Against ${baseline.files.map(plain).join(", ")}`,
    blocks: [
      ...unlike.map(unlikeInWords),
      ...tableOf(["", "baseline", "this run", ...HEADS], rows),
      ...remarkOn(differences),
      ...rules.map(ruleLine),
    ],
  };
}

/** A column against the first, in what their runs tell; the figures stand in the table of the comparison. */
export function pairSection({ against, column, unlike, differences, rules }: Pair): Section {
  const rows = differences.filter(({ low }) => low !== null).map((difference): Text[] => [
    { text: difference.metric, tone: "faint" },
    ...cellsOf(difference),
  ]);
  return {
    title: `${plain(column)} against ${plain(against)}`,
    blocks: [
      ...unlike.filter(({ field }) => field !== RUNTIME_FIELD).map(unlikeInWords), // the comparison has a row for it
      ...tableOf(["", ...HEADS], rows),
      ...remarkOn(differences),
      ...rules.map(ruleLine),
    ],
  };
}

const HEADS = ["difference", "", "99 % interval"];

/** The difference, whether it is one, and its interval. */
function cellsOf(difference: Difference): Text[] {
  return [
    changeInWords(difference, difference.change),
    { text: difference.verdict, tone: toneOf(difference) },
    difference.low === null ? { text: NO_VALUE, tone: "faint" } : intervalInWords(difference),
  ];
}

function tableOf(names: readonly string[], rows: readonly Text[][]): Block[] {
  return rows.length === 0 ? [] : [{ kind: "table", columns: names.map((name) => ({ name })), rows }];
}

/** What the table does not say of itself. */
function remarkOn(differences: readonly Difference[]): Prose[] {
  if (differences.length === 0) return [];
  const untold = differences.some(({ low }) => low === null);
  if (!untold && differences.some(({ verdict }) => verdict !== "none seen")) return [];
  const text = untold
    ? "The others are not told from noise: a run was too short, or an earlier version wrote it."
    : `${NONE_SEEN.charAt(0).toUpperCase()}${NONE_SEEN.slice(1)}.`;
  return [{ kind: "prose", text, tone: "plain" }];
}

function ruleLine(rule: ChangeOutcome): Prose {
  return {
    kind: "prose",
    text: `${rule.failed ? "✗" : "✓"} ${plain(rule.expression)}: ${ruleInWords(rule)}`,
    tone: rule.failed ? "bad" : "good",
  };
}

function unlikeInWords({ field, a, b, spoils }: Unlike): Prose {
  const without = spoils.map((concern) => CONCERNS[concern]);
  const rest = without.length === Object.keys(CONCERNS).length
    ? "nothing can be compared"
    : without.length === 0
    ? ""
    : `${inList(without)} are not compared`;
  const what = field === RUNTIME_FIELD ? "Another runtime:" : `Another plan: ${plain(field)}`;
  const text = `${what} ${plain(b)} against ${plain(a)}${rest === "" ? "" : `; ${rest}`}.`;
  return { kind: "prose", text, tone: "caution" };
}

/** What became of a rule. */
function ruleInWords({ operator, difference, unanswered, failed }: ChangeOutcome): string {
  if (unanswered !== null) return `${formatPercent(unanswered / 100)} of the requests failed, and never had an answer`;
  if (difference === null) return "it could not be measured";
  const change = changeInWords(difference, difference.change);
  if (difference.low === null) return `${change}, which too short a run does not tell from noise`;
  const told = `${change} (${intervalInWords(difference)})`;
  if (failed) return `${told}, surely`;
  if (difference.verdict === "none seen") return `${told}: ${NONE_SEEN}`;
  const forbidden = operator.startsWith(">") ? "higher" : "lower";
  return `${told}: ${difference.verdict}${difference.verdict === forbidden ? ", but not surely that much" : ""}`;
}

function figureOf({ metric }: Difference, value: number): string {
  return FIGURES[metricNamed(metric)?.figure ?? "count"](value);
}

/** `-12 … +18 %`; `-12 % … ×14` */
function intervalInWords({ unit, low, high }: Difference): string {
  const [from, to] = [changeOf(unit, low!), changeOf(unit, high!)];
  return `${from.size}${from.unit === to.unit ? "" : from.unit} … ${to.size}${to.unit}`;
}

function changeInWords({ unit }: Pick<Difference, "unit">, change: number): string {
  const told = changeOf(unit, change);
  return `${told.size}${told.unit}`;
}

/** From here on in %, a change reads as how many times. */
const MANY_PERCENT = 900;

function changeOf(unit: Difference["unit"], change: number): { readonly size: string; readonly unit: string } {
  const sign = change > 0 ? "+" : change < 0 ? "-" : "±";
  const size = Math.abs(change);
  switch (unit) {
    case "percent":
      if (change >= MANY_PERCENT) return { size: `×${formatShortCount(1 + change / 100)}`, unit: "" };
      return { size: `${sign}${size < 10 ? size.toFixed(1) : size.toFixed(0)}`, unit: " %" };
    case "points":
      return { size: `${sign}${size.toFixed(2)}`, unit: " points" };
    case "perRequest":
      return { size: `${sign}${size.toFixed(3)}`, unit: "" };
  }
}

function toneOf({ metric, verdict }: Difference): Tone {
  if (verdict === "none seen") return "plain";
  return (verdict === "lower") === (metric === "rps.achieved") ? "bad" : "good";
}

function inList(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

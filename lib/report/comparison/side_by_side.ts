// Two runs that differ in one thing, drawn to the same scales, and what the difference did, in words.

import { NO_VALUE } from "../../core/units.ts";
import { plain } from "../foreign_text.ts";
import type { Report, Section, Table, Text } from "../section.ts";
import { comparedPanels } from "../section/timeline.ts";
import { verdictText } from "../section/verdict.ts";
import { explainDifference } from "./difference.ts";
import type { LabelledResult } from "./labelled_result.ts";
import { COMPLETED, DIALED, ERRORS, LIVE_AT_END, type Metric, P50, P99, RSS_GROWTH, RSS_PER_HELD } from "./metric.ts";

const KEY_FIGURES: readonly Metric[] = [COMPLETED, ERRORS, P50, P99, DIALED, LIVE_AT_END, RSS_GROWTH, RSS_PER_HELD];

/** The panels of both, the key figures, and the difference explained from them. */
export function sideBySideReport(left: LabelledResult, right: LabelledResult): Report {
  const sides = [left, right];
  const difference = plain(explainDifference(left, right));
  return [
    [pictures(left, sides), pictures(right, sides)],
    [{ title: "", blocks: [keyFigures(sides)] }],
    [{ title: "", blocks: [{ kind: "prose", text: difference, tone: "strong" }] }],
  ];
}

function pictures({ label, result }: LabelledResult, sides: readonly LabelledResult[]): Section {
  const headline = { kind: "headline", text: plain(label), tone: "plain" } as const;
  return { title: "", blocks: [headline, comparedPanels(result, sides.map((side) => side.result))] };
}

function keyFigures(sides: readonly LabelledResult[]): Table {
  const rows = KEY_FIGURES.map((metric): Text[] => [
    { text: metric.name, tone: "faint" },
    ...sides.map(({ result }): Text => {
      const value = metric.value(result);
      return value === null ? { text: NO_VALUE, tone: "faint" } : metric.format(value);
    }),
  ]);
  rows.push([{ text: "verdict", tone: "faint" }, ...sides.map(({ result }) => verdictText(result))]);
  return { kind: "table", columns: [{ name: "" }, ...sides.map(({ label }) => ({ name: plain(label) }))], rows };
}

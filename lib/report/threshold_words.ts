// The rules of a run and what became of them, in words.

import { renderProse } from "./facts.ts";
import { plain } from "./layout.ts";
import type { Result, ThresholdOutcome } from "./result.ts";
import type { Style } from "./style.ts";
import { formatBytes, formatCount, formatDuration, formatPercent } from "./units.ts";

/** "340 ms", "at least 1.20 s"; the value must be one. */
export function thresholdValueInWords(
  unit: ThresholdOutcome["unit"],
  { value, lowerBound }: Pick<ThresholdOutcome, "value" | "lowerBound">,
): string {
  return `${lowerBound ? "at least " : ""}${FORMATS[unit](value!)}`;
}

const FORMATS: Readonly<Record<ThresholdOutcome["unit"], (value: number) => string>> = {
  us: formatDuration,
  bytes: formatBytes,
  percent: (value) => formatPercent(value / 100),
  count: (value) => Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(4))),
};

/** One line for each rule of a kind: "✗ p99 > 200ms: it was 340 ms"; empty where there is none. */
export function renderThresholds(
  { thresholds }: Result,
  kind: ThresholdOutcome["kind"],
  columns: number,
  style: Style,
): string[] {
  return thresholds.filter((rule) => rule.kind === kind).flatMap((rule) => {
    const text = `${rule.failed ? "✗" : "✓"} ${plain(rule.expression)}: ${became(rule)}`;
    return renderProse(text, columns, rule.failed ? style.bad : style.good);
  });
}

function became(rule: ThresholdOutcome): string {
  if (rule.value === null) return "it could not be measured";
  return `it was ${thresholdValueInWords(rule.unit, rule)}`;
}

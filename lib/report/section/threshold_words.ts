// The rules of a run and what became of them, in words.

import { thresholdValueInWords } from "../../load/judge/threshold_value.ts";
import type { Result, ThresholdOutcome } from "../../result/result.ts";
import { renderProse } from "../text/facts.ts";
import { plain } from "../text/layout.ts";
import type { Style } from "../text/style.ts";

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

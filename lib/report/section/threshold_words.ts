// The rules of a run and what became of them, in words.

import type { ThresholdOutcome } from "../../load/judge/threshold_outcome.ts";
import { outcomeInWords } from "../../load/judge/threshold_value.ts";
import type { Result } from "../../result/result.ts";
import { plain } from "../foreign_text.ts";
import type { Prose, Section } from "../section.ts";

const TITLES: Readonly<Record<ThresholdOutcome["kind"], string>> = { mustHold: "Thresholds", failIf: "Fail if" };

/** One line for each rule of a kind, kept or not: "✗ p99 < 200ms: it was 340 ms"; undefined if there is none. */
export function thresholdsSection({ thresholds }: Result, kind: ThresholdOutcome["kind"]): Section | undefined {
  const blocks = thresholds.filter((rule) => rule.kind === kind).map((rule): Prose => ({
    kind: "prose",
    text: `${rule.failed ? "✗" : "✓"} ${plain(rule.expression)}: ${became(rule)}`,
    tone: rule.failed ? "bad" : "good",
  }));
  return blocks.length === 0 ? undefined : { title: TITLES[kind], blocks };
}

function became(rule: ThresholdOutcome): string {
  if (rule.unit === "verdict" && !rule.failed) return "kept";
  const words = outcomeInWords(rule);
  return rule.failed && rule.value === null ? `failed, ${words}` : words;
}

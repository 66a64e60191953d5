// What became of the rules that a run was held to: numbers only.

import { formatSeconds } from "../../core/units.ts";
import type { Plan } from "../../scenario/plan.ts";
import type { Threshold } from "../../scenario/value/threshold.ts";
import type { Measurement } from "../measurement.ts";
import { measure, type Measured } from "./measure.ts";
import type { ThresholdOutcome } from "./threshold_outcome.ts";
import { outcomeInWords } from "./threshold_value.ts";

/**
 * Judges every rule of the plan. One whose metric the run could not measure has failed, and so has one that a lower bound
 * does not decide: a gate must not open because nobody looked.
 */
export function judgeThresholds(plan: Plan, run: Measurement): ThresholdOutcome[] {
  return plan.thresholds.map((rule) => {
    const { expression, kind, abort, unit } = rule;
    const measured = measure(rule, plan, run);
    const endedRun = run.stoppedBy === expression;
    const failed = endedRun || answerOf(rule, measured) !== "kept";
    return { expression, kind, abort, unit, ...finite(measured), failed, ...(endedRun && { endedRun }) };
  });
}

/** JSON has no infinity: the reason says that it is one. */
function finite(measured: Measured): Measured {
  return measured.value === Infinity ? { ...measured, value: null } : measured;
}

/** Why a rule ends a run. */
export interface BrokenRule {
  readonly rule: string;
  /** In a sentence. */
  readonly reason: string;
}

/** Asked after each second, with what the run has measured so far; undefined: it goes on. */
export type StopWhen = (soFar: Measurement) => BrokenRule | undefined;

/** Ends a run once a rule that may do so is surely broken; undefined if the plan has no such rule. */
export function stopRuleOf(plan: Plan): StopWhen | undefined {
  const rules = plan.thresholds.filter(({ abort }) => abort);
  if (rules.length === 0) return undefined;
  return (soFar) => {
    for (const rule of rules) {
      const measured = measure(rule, plan, soFar);
      if (answerOf(rule, measured) !== "broken") continue;
      const after = formatSeconds(Math.round(soFar.durationMs / 100) / 10);
      const verb = rule.kind === "mustHold" ? "did not hold" : "came true";
      const words = outcomeInWords({ unit: rule.unit, ...finite(measured) });
      const reason = `${rule.expression} ${verb}: ${words} after ${after}`;
      return { rule: rule.expression, reason };
    }
    return undefined;
  };
}

function answerOf(rule: Threshold, { value, lowerBound }: Measured): "kept" | "broken" | "unknown" {
  if (value === null) return "unknown";
  const holds = compare(value, rule);
  if (lowerBound && !isSettled(value, rule)) return "unknown";
  return holds === (rule.kind === "mustHold") ? "kept" : "broken";
}

/** Whether no higher value would change the answer. */
function isSettled(value: number, rule: Threshold): boolean {
  switch (rule.operator) {
    case ">":
    case ">=":
      return compare(value, rule);
    case "<":
    case "<=":
      return !compare(value, rule);
    case "==":
      return value > rule.bound;
  }
}

function compare(value: number, { operator, bound }: Threshold): boolean {
  switch (operator) {
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case "==":
      return value === bound;
  }
}

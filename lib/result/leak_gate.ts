import type { ThresholdOutcome } from "../load/judge/threshold_outcome.ts";
import type { Plan } from "../scenario/plan.ts";
import type { Result } from "./result.ts";

/**
 * The gate that a plan may have beside its rules: nothing leaks. A verdict that cannot be told fails it, as a rule fails
 * that the run could not measure.
 */
export function leakGate({ failOnLeak }: Plan, { verdict }: Pick<Result["leak"], "verdict">): ThresholdOutcome[] {
  if (!failOnLeak) return [];
  return [{
    expression: "no leak",
    kind: "mustHold",
    abort: false,
    unit: "verdict",
    value: null,
    lowerBound: false,
    failed: verdict !== "clean",
    reason: verdict,
  }];
}

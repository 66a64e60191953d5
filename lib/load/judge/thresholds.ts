// What became of the rules that a run was held to: numbers only.

import { formatSeconds } from "../../core/units.ts";
import { meanUs, percentileUs } from "../../record/percentile.ts";
import type { Plan } from "../../scenario/plan.ts";
import { percentileOf, type Threshold } from "../../scenario/value/threshold.ts";
import type { Measurement } from "../measurement.ts";
import { CensoredDistribution } from "./censoring.ts";
import { ratesOf } from "./rates.ts";
import type { ThresholdOutcome } from "./threshold_outcome.ts";
import { thresholdValueInWords } from "./threshold_value.ts";

/** A value that may be higher than it is known to be, or, null, is not known at all. */
type Measured = Pick<ThresholdOutcome, "value" | "lowerBound">;

/**
 * Judges every rule of the plan. One whose metric the run could not measure has failed, and so has one that a lower bound
 * does not decide: a gate must not open because nobody looked.
 */
export function judgeThresholds(plan: Plan, run: Measurement): ThresholdOutcome[] {
  return plan.thresholds.map((rule) => {
    const { expression, kind, abort, unit } = rule;
    const measured = measure(rule, run);
    const failed = answerOf(rule, measured) !== "kept" || run.stoppedBy === expression;
    return { expression, kind, abort, unit, ...measured, failed };
  });
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
      const measured = measure(rule, soFar);
      if (answerOf(rule, measured) !== "broken") continue;
      const after = formatSeconds(Math.round(soFar.durationMs / 100) / 10);
      const verb = rule.kind === "mustHold" ? "did not hold" : "came true";
      const reason = `${rule.expression} ${verb}: it was ${thresholdValueInWords(rule.unit, measured)} after ${after}`;
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

function measure({ metric, unit }: Threshold, run: Measurement): Measured {
  const { offered, failed } = run.requests;
  switch (metric) {
    case "errors":
    case "failed":
      return exactly(unit === "count" ? failed : offered === 0 ? null : (failed / offered) * 100);
    case "rps.achieved": {
      const { achieved, target } = ratesOf(run);
      return exactly(unit === "count" ? achieved : target === null ? null : (achieved / target) * 100);
    }
    case "connections.live.end":
      return exactly(run.live.end);
    case "connections.live.peak":
      return exactly(run.live.peak);
    case "connections.dialed":
      return exactly(run.census.totals.dialed);
    case "connections.slope":
      return exactly(run.slopes.connectionsPerRequest?.slope ?? null);
    case "rss.slope":
      return exactly(run.slopes.rssBytesPerRequest?.slope ?? null);
    case "rss.end":
      return exactly(run.rssBytes.end);
    case "rss.peak":
      return exactly(run.rssBytes.peak);
    default:
      return measureLatency(metric, run);
  }
}

function measureLatency(metric: string, { latency }: Measurement): Measured {
  const [, clock, figure] = /^(\w+)\.(.+)$/.exec(metric) as unknown as [string, keyof Measurement["latency"], string];
  const distribution = new CensoredDistribution(latency[clock], clock === "response" ? latency.censored : undefined);
  const { all, isCensored } = distribution;
  if (all.totalCount === 0) return exactly(null);
  if (figure === "mean") return { value: meanUs(all), lowerBound: isCensored };
  if (figure === "max") return { value: all.maxValue, lowerBound: isCensored };
  const percentile = figure === "min" ? 0 : percentileOf(figure)!;
  const value = percentileUs(all, percentile);
  return { value, lowerBound: distribution.isLowerBound(percentile) };
}

function exactly(value: number | null): Measured {
  return { value, lowerBound: false };
}

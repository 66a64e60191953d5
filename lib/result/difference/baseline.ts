// A run held against a baseline: one result of the same plan, or several.

import { UsageError } from "../../scenario/usage_error.ts";
import type { Baseline, Difference, Unlike } from "../baseline_schema.ts";
import type { Result } from "../result.ts";
import { type ChangeRule, judgeChange } from "./change_rule.ts";
import { differencesOf } from "./difference.ts";
import { metricNamed } from "./metric.ts";
import { spoiledBy, spoilsAll, unlikePlans, unlikeRuns } from "./unlike.ts";

/** A result and the name of its file. */
export interface NamedResult {
  readonly name: string;
  readonly result: Result;
}

/** What differs between two sides, in what can be compared. */
export interface Comparison {
  readonly unlike: Unlike[];
  readonly differences: Difference[];
}

/**
 * Compares the results of one side with those of another; several of a side are runs of one plan. Tells the change of each
 * figure that both sides have and that their plans leave comparable, in % of the first side's (`errors` in percentage
 * points, `connections.dialedPerRequest` as a number), with its 99 % interval, null where the runs do not tell it, and
 * whether that is a difference at all. README.md beside the results says how.
 *
 * ```ts
 * const { differences } = compareResults([before], [after]);
 * console.log(differences.filter(({ verdict }) => verdict !== "none seen"));
 * ```
 */
export function compareResults(before: readonly Result[], after: readonly Result[]): Comparison {
  const unlike = unlikeSides(before, after);
  const spoiled = spoiledBy(unlike);
  return { unlike, differences: differencesOf(before, after, ({ concern }) => !spoiled.has(concern)) };
}

/** The result with what it shows against the baseline. */
export function withBaseline(result: Result, baseline: readonly NamedResult[], rules: readonly ChangeRule[]): Result {
  const before = baseline.map(({ result }) => result);
  return {
    ...result,
    baseline: {
      files: baseline.map(({ name }) => name),
      ...compareResults(before, [result]),
      rules: judgeRules(rules, before, [result]),
    },
  };
}

export function judgeRules(
  rules: readonly ChangeRule[],
  before: readonly Result[],
  after: readonly Result[],
): Baseline["rules"] {
  return rules.map((rule) => judgeChange(rule, before, after));
}

/**
 * Throws a `UsageError` that names the baseline's file where nothing can be compared with a run of this plan, or where a
 * rule could not be judged by it: a gate must not open because nobody looked.
 */
export function checkBaseline(
  { name, result }: NamedResult,
  plan: Result["plan"],
  rules: readonly ChangeRule[],
): void {
  const unlike = unlikePlans(result.plan, plan);
  const all = spoilsAll(unlike);
  if (all !== undefined) {
    throw new UsageError(name, `nothing can be compared with it: its ${all.field} is ${all.a}, not ${all.b}`);
  }
  if (result.requests.completed === 0) throw UsageError.expected(name, "a run that got responses");
  const spoiled = spoiledBy(unlike);
  for (const { expression, metric: metricName } of rules) {
    const metric = metricNamed(metricName)!;
    const because = spoiled.has(metric.concern) && unlike.find(({ spoils }) => spoils.includes(metric.concern));
    if (because) {
      throw new UsageError(
        name,
        `"${expression}" cannot be judged by it: its ${because.field} is ${because.a}, not ${because.b}`,
      );
    }
    if (metric.value(result) === null) {
      throw new UsageError(name, `"${expression}" cannot be judged by it: it has no ${metricName}`);
    }
    if (metric.spread !== undefined && metric.spread(result) === undefined) {
      const why = result.blocks === undefined ? "an earlier version wrote it" : "its run was too short";
      throw new UsageError(name, `"${expression}" cannot be judged by it: ${why}`);
    }
  }
}

function unlikeSides(before: readonly Result[], after: readonly Result[]): Unlike[] {
  const all = before.flatMap((result) => unlikeRuns(result, after[0]!));
  return all.filter(({ field }, at) => all.findIndex((other) => other.field === field) === at);
}

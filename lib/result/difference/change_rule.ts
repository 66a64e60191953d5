// A rule over a change, such as "p99 > +10%": how it reads, and when it fails. What a single run is held to is a threshold.

import type { Operator } from "../../scenario/value/threshold.ts";
import { UsageError } from "../../scenario/usage_error.ts";
import { nearest } from "../../scenario/value/suggest.ts";
import type { ChangeOutcome, ChangeUnit } from "../baseline_schema.ts";
import type { Result } from "../result.ts";
import { differenceIn } from "./difference.ts";
import { type Metric, metricNamed, METRICS } from "./metric.ts";

/** Fails where the change surely is so. */
export interface ChangeRule extends Pick<ChangeOutcome, "expression" | "metric" | "operator" | "bound"> {
  readonly kind: "change";
}

const FORM = /^\s*([a-z][\w.]*)\s*(>=|<=|==|>|<)\s*([+-]\d+(?:\.\d+)?)\s*([^\s\d]*)\s*$/i;

const EXPECTED: Readonly<Record<ChangeUnit, string>> = {
  percent: "a change in %, such as +10%",
  points: "a change in percentage points, such as +0.5%",
  perRequest: "a change as a number, such as +0.1",
};

/** Whether a rule is over a change: its bound has a sign. */
export function isChangeRule(text: string): boolean {
  return /[<>=]\s*[+-]/.test(text);
}

/**
 * Reads a rule such as "p99 > +10%", "errors > +0.5%" (percentage points) or "rps.achieved < -5%". Throws a `UsageError`
 * that names `field` and what was expected.
 */
export function parseChangeRule(text: string, field: string): ChangeRule {
  const [, name, operator, amount, unit] = FORM.exec(text) ?? [];
  if (name === undefined || operator === "==") {
    throw UsageError.expected(field, 'a metric, one of > >= < <=, and a change, such as "p99 > +10%"', text);
  }
  const metric = metricNamed(name.replace(/^response\./, "").replace(/^failed$/, "errors"));
  if (metric === undefined) throw unknownMetric(field, name);
  if (unit !== (metric.unit === "perRequest" ? "" : "%")) {
    throw UsageError.expected(field, `${EXPECTED[metric.unit]} for ${name}`, text);
  }
  return {
    kind: "change",
    expression: text.trim(),
    metric: metric.name,
    operator: operator as Exclude<Operator, "==">,
    bound: Number(amount),
  };
}

function unknownMetric(field: string, name: string): UsageError {
  const names = METRICS.map(({ name }) => name);
  const meant = nearest(name, names);
  return new UsageError(
    field,
    `no change is told of "${name}", ${
      meant === undefined ? `expected one of ${names.join(", ")}` : `did you mean ${meant}?`
    }`,
  );
}

/**
 * Judges a rule. It fails where the whole interval of the change is beyond its bound. One that these runs do not tell
 * has failed as well, and so has one that forbids a higher latency where more requests failed than the percentile leaves
 * out: a dead service answers fast.
 */
export function judgeChange(rule: ChangeRule, before: readonly Result[], after: readonly Result[]): ChangeOutcome {
  const { expression, metric: name, operator, bound } = rule;
  const metric = metricNamed(name)!;
  const difference = differenceIn(metric, before, after) ?? null;
  const unanswered = operator.startsWith(">") ? unansweredIn(metric, after) : null;
  const failed = difference?.low == null || unanswered !== null || isSurely(rule, difference.low, difference.high!);
  return { expression, metric: name, operator, bound, difference, unanswered, failed };
}

function isSurely({ operator, bound }: ChangeRule, low: number, high: number): boolean {
  switch (operator) {
    case ">":
      return low > bound;
    case ">=":
      return low >= bound;
    case "<":
      return high < bound;
    case "<=":
      return high <= bound;
  }
}

/** Of a mean, as of a p99, a hundredth of the requests may have failed. */
const MEAN_SHARE = 0.99;

function unansweredIn({ concern, share = MEAN_SHARE }: Metric, after: readonly Result[]): number | null {
  if (concern !== "latency") return null;
  const offered = after.reduce((sum, { requests }) => sum + requests.offered, 0);
  const failed = after.reduce((sum, { requests }) => sum + requests.failed, 0);
  return failed > (1 - share) * offered ? 100 * failed / offered : null;
}

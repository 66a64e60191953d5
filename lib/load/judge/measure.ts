// The value that a rule is about, of a run that is over or still goes on. What becomes of the rule is `thresholds.ts`.

import type { Histogram } from "hdr-histogram-js";
import { latencyHistogram } from "../../record/latency_recorder.ts";
import { meanUs, percentileUs } from "../../record/percentile.ts";
import type { Plan } from "../../scenario/plan.ts";
import { statusRanges } from "../../scenario/value/expect.ts";
import { percentileOf, type Threshold } from "../../scenario/value/threshold.ts";
import type { Measurement } from "../measurement.ts";
import { type Promised, PromiseToEach } from "./promise.ts";
import { ratesOf } from "./rates.ts";
import type { OutcomeReason, ThresholdOutcome } from "./threshold_outcome.ts";

/** A value that may be higher than it is known to be; Infinity: never; null: it is not known, for this reason. */
export type Measured = Pick<ThresholdOutcome, "value" | "lowerBound" | "reason" | "notAsExpected">;

/** What a rule is about: all requests, or one of several. */
interface Subject extends Promised {
  readonly offered: number;
  readonly failed: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly held: number;
  /** How old those were that had no end; undefined: that is not known. */
  readonly ages: Histogram | undefined;
}

export function measure(rule: Threshold, plan: Plan, run: Measurement): Measured {
  const subject = rule.request === undefined ? wholeOf(run) : subjectOf(rule.request, plan, run);
  if (subject === undefined) return unknown("notMeasured");
  if (subject.offered === 0) return unknown("noRequests");
  const { metric } = rule;
  if (metric.startsWith("response.")) return measureResponse(metric.slice("response.".length), subject);
  const inPercent = rule.unit === "percent";
  const answers = sumOf(Object.values(subject.byStatus));
  if (/^(?:status|leak)\./.test(metric) && answers === 0) return unknown("noAnswers");
  if (metric.startsWith("status.")) {
    const count = countOf(metric.slice("status.".length), subject.byStatus);
    return exactly(inPercent ? (count / answers) * 100 : count);
  }
  switch (metric) {
    case "errors":
    case "failed":
      return exactly(inPercent ? (subject.failed / subject.offered) * 100 : subject.failed);
    case "leak.held":
      return exactly(subject.held);
    case "leak.heldPerRequest":
      return exactly(subject.held / answers);
    default:
      return measureRun(metric, inPercent, run);
  }
}

function measureRun(metric: string, inPercent: boolean, run: Measurement): Measured {
  switch (metric) {
    case "rps.achieved": {
      const { achieved, target } = ratesOf(run);
      return exactly(!inPercent ? achieved : target === null ? undefined : (achieved / target) * 100);
    }
    case "connections.live.end":
      return exactly(run.live.end);
    case "connections.live.peak":
      return exactly(run.live.peak);
    case "connections.dialed":
      return exactly(run.census.totals.dialed);
    case "connections.slope":
      return exactly(run.slopes.connectionsPerRequest?.slope);
    case "rss.slope":
      return exactly(run.slopes.rssBytesPerRequest?.slope);
    case "rss.end":
      return exactly(run.rssBytes.end);
    case "rss.peak":
      return exactly(run.rssBytes.peak);
    default:
      return measureClock(metric, run);
  }
}

function wholeOf({ requests, latency, errorLatency, census, settled }: Measurement): Subject {
  return {
    ...requests,
    response: latency.response,
    failures: Object.values(errorLatency),
    censored: latency.censored.totalCount,
    ages: latency.censored,
    held: (settled?.census ?? census).heldBodies,
  };
}

/** Undefined: nobody kept an account of it. */
function subjectOf(name: string, plan: Plan, run: Measurement): Subject | undefined {
  const index = plan.requests.findIndex((request) => request.name === name);
  if (index !== -1 && plan.requests.length === 1) return wholeOf(run);
  const account = run.byRequest?.[index];
  if (account === undefined) return undefined;
  const held = run.settled?.heldByRequest[index] ?? account.held;
  return { ...account, held, failures: [account.failures], ages: undefined };
}

/**
 * Percentiles and the maximum are promises to each request. A minimum and a mean are of what was answered as expected,
 * and of what had no end, with its age: then they are lower bounds.
 */
function measureResponse(figure: string, subject: Subject): Measured {
  const promise = new PromiseToEach(subject);
  const { answered, notAsExpected, of } = promise;
  if (of === 0) return unknown("noAnswers"); // so far
  const percentile = figure === "max" ? 100 : percentileOf(figure);
  if (percentile !== undefined || answered.totalCount === 0) {
    const value = percentile === undefined ? Infinity : promise.percentileUs(percentile);
    if (value < Infinity) return exactly(figure === "max" ? answered.maxValue : value);
    return { value, lowerBound: false, reason: "notAsExpected", notAsExpected: { count: notAsExpected, of } };
  }
  const all = subject.ages === undefined ? answered : added(answered, subject.ages);
  return { value: figure === "mean" ? meanUs(all) : percentileUs(all, 0), lowerBound: subject.censored > 0 };
}

/** Another clock is what it measured, failures included. */
function measureClock(metric: string, { latency }: Measurement): Measured {
  const [, clock, figure] = /^(\w+)\.(.+)$/.exec(metric) as unknown as [string, keyof Measurement["latency"], string];
  const all = latency[clock];
  if (all.totalCount === 0) return unknown("notMeasured");
  if (figure === "mean") return exactly(meanUs(all));
  if (figure === "max") return exactly(all.maxValue);
  return exactly(percentileUs(all, figure === "min" ? 0 : percentileOf(figure)!));
}

/** How many answers had this status, or one of this class. */
function countOf(status: string, byStatus: Readonly<Record<string, number>>): number {
  const [[least, most]] = statusRanges([/^\d+$/.test(status) ? Number(status) : status]) as [[number, number]];
  return sumOf(
    Object.entries(byStatus).map(([code, count]) => Number(code) >= least && Number(code) <= most ? count : 0),
  );
}

function added(one: Histogram, other: Histogram): Histogram {
  const sum = latencyHistogram(64);
  for (const part of [one, other]) if (part.totalCount > 0) sum.add(part);
  return sum;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function exactly(value: number | undefined): Measured {
  return value === undefined ? unknown("notMeasured") : { value, lowerBound: false };
}

function unknown(reason: OutcomeReason): Measured {
  return { value: null, lowerBound: false, reason };
}

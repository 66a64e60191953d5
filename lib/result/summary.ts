// From what a run measured to the result file: digests, rates and verdicts. Numbers only; every rendering is elsewhere.

import type { Histogram } from "hdr-histogram-js";
import { CensoredDistribution } from "../load/judge/censoring.ts";
import { ratesOf } from "../load/judge/rates.ts";
import { judgeThresholds } from "../load/judge/thresholds.ts";
import type { Measurement, StartPeakEnd } from "../load/measurement.ts";
import type { Plan } from "../scenario/plan.ts";
import { eachClock } from "../record/clocks.ts";
import { percentileUs } from "../record/percentile.ts";
import { maskPlan, maskUrl } from "../scenario/template/mask.ts";
import { judgeGenerator } from "./generator_verdict.ts";
import { writeHdr } from "./hdr.ts";
import { rssBytesPerHeld } from "./held_cost.ts";
import { judgeLeak } from "./leak_verdict.ts";
import type { Latency, Result } from "./result.ts";

/** The result of a run; the plan is stored with its secrets masked. */
export function summarize(plan: Plan, run: Measurement): Result {
  return summarizeMasked(maskPlan(plan), run);
}

/** The same for a plan that is masked already. */
export function summarizeMasked(plan: Plan, run: Measurement): Result {
  const { census, requests } = run;
  const { dialed, reused, retried, closed } = census.totals;
  const { runtime: { name, version, os, arch, cpus } } = run;
  return {
    schema: "loadgen/result@1",
    runtime: { name, version, os, arch, cpus, socket: run.socket },
    plan: withoutUndefined(plan) as Result["plan"],
    startedAt: run.startedAt.toISOString(),
    durationMs: round(run.durationMs, 3),
    outcome: run.outcome,
    outcomeReason: run.reason,
    requests: {
      ...requests,
      byStatus: { ...requests.byStatus },
      byError: { ...requests.byError },
      censored: run.latency.censored.totalCount,
      retried,
    },
    ...(run.byRequest !== undefined && {
      byRequest: run.byRequest.map((account, index) => ({
        name: maskUrl(plan.requests[index]!.name),
        ...account,
        response: digest(account.response),
      })),
    }),
    ...(run.warmup !== undefined && { warmup: { ...run.warmup } }),
    ...(run.cooldown !== undefined && { cooldown: { ...run.cooldown } }),
    rps: ratesOf(run),
    bytes: { ...run.bytes },
    latencyUs: {
      ...eachClock((clock) => digest(run.latency[clock])),
      response: censoredDigest(new CensoredDistribution(run.latency.response, run.latency.censored)),
      byError: Object.fromEntries(
        Object.entries(run.errorLatency).map(([key, histogram]) => [key, digest(histogram)]),
      ),
    },
    connections: {
      dialed,
      reused,
      live: range(run.live),
      waiting: range(run.waiting),
      closed: { ...closed },
      readLoops: { ...census.readLoops },
      writeLoops: { ...census.writeLoops },
    },
    memory: {
      rssBytes: range(run.rssBytes),
      heapBytes: range(run.heapBytes),
      externalBytes: range(run.externalBytes),
      rssBytesPerHeld: rssBytesPerHeld(run),
    },
    leak: judgeLeak(run),
    generator: judgeGenerator(plan, run),
    ...(run.workers !== undefined && {
      workers: run.workers.map(({ lateUs: _, cpuUs = null, ...figures }) => ({ ...figures, cpuUs })),
    }),
    thresholds: judgeThresholds(plan, run),
    series: run.series.map((line) => ({ ...line })),
  };
}

function range({ start, peak, end }: StartPeakEnd): StartPeakEnd {
  return { start, peak, end };
}

function digest(histogram: Histogram): Latency {
  const empty = histogram.totalCount === 0;
  const at = (percentile: number) => percentileUs(histogram, percentile);
  return {
    count: histogram.totalCount,
    min: at(0),
    mean: empty ? 0 : round(histogram.mean, 2),
    stdDev: empty ? 0 : round(histogram.stdDeviation, 2),
    p50: at(50),
    p75: at(75),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    p9999: at(99.99),
    max: at(100),
    hdr: writeHdr(histogram),
  };
}

const PERCENTILES = { min: 0, p50: 50, p75: 75, p90: 90, p99: 99, p999: 99.9, p9999: 99.99 } as const;

function censoredDigest(distribution: CensoredDistribution): Result["latencyUs"]["response"] {
  const names = Object.keys(PERCENTILES) as (keyof typeof PERCENTILES)[];
  const percentiles = names.filter((name) => distribution.isLowerBound(PERCENTILES[name]));
  return {
    ...digest(distribution.all),
    lowerBounds: distribution.isCensored ? ["mean", ...percentiles, "max"] : [],
  };
}

/** JSON has no undefined: what the plan leaves open is left out. */
function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

// From what a run measured to the result file: digests, rates and verdicts. Numbers only; every rendering is elsewhere.

import { ratesOf } from "../load/judge/rates.ts";
import { judgeThresholds } from "../load/judge/thresholds.ts";
import type { Measurement } from "../load/measurement.ts";
import { eachMeasure } from "../record/footprint.ts";
import type { Plan } from "../scenario/plan.ts";
import { maskPlan, maskUrl } from "../scenario/template/mask.ts";
import { blocksOf, digestOf, digestsOf } from "./digest.ts";
import { judgeGenerator } from "./generator_verdict.ts";
import { judgeLeak, type LeakFacts } from "./leak_verdict.ts";
import type { Result } from "./result.ts";

/** The result of a run; the plan is stored with its secrets masked. */
export function summarize(plan: Plan, run: Measurement): Result {
  return summarizeMasked(maskPlan(plan), run);
}

/** The same for a plan that is masked already. */
export function summarizeMasked(plan: Plan, run: Measurement): Result {
  const { census, requests } = run;
  const leak = judgeLeak(leakFactsOf(plan, run));
  const { dialed, reused, retried, closed } = census.totals;
  const { runtime: { name, version, os, arch, cpus } } = run;
  return {
    schema: "loadgen/result@1",
    runtime: { name, version, os, arch, cpus, socket: run.socket },
    plan: withoutUndefined(plan) as Result["plan"],
    startedAt: run.startedAt.toISOString(),
    durationMs: toThousandths(run.durationMs),
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
        response: digestOf(account.response),
      })),
    }),
    ...(run.warmup !== undefined && { warmup: { ...run.warmup } }),
    ...(run.cooldown !== undefined && { cooldown: { ...run.cooldown } }),
    rps: ratesOf(run),
    bytes: { ...run.bytes },
    latencyUs: digestsOf(run),
    connections: {
      dialed,
      reused,
      live: { ...run.live },
      waiting: { ...run.waiting },
      closed: { ...closed },
      readLoops: { ...census.readLoops },
      writeLoops: { ...census.writeLoops },
    },
    memory: {
      ...eachMeasure((measure) => run[measure] && { ...run[measure] }),
      rssBytesPerHeld: leak.rssBytesPerHeld?.slope ?? null,
    },
    leak,
    generator: judgeGenerator(plan, run),
    ...(run.workers !== undefined && {
      workers: run.workers.map(({ lateUs: _, cpuUs = null, ...figures }) => ({ ...figures, cpuUs })),
    }),
    thresholds: judgeThresholds(plan, run),
    blocks: blocksOf(run),
    series: run.series.map((line) => ({ ...line })),
  };
}

function leakFactsOf(plan: Plan, run: Measurement): LeakFacts {
  const byRequest = plan.requests.map(({ name }, at) => ({ name: maskUrl(name), held: run.heldByRequest[at] ?? 0 }));
  return { ...run, slopes: run.slopes, heldBodies: run.census.heldBodies, byRequest };
}

/** JSON has no undefined: what the plan leaves open is left out. */
function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

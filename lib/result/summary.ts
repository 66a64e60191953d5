// From what a run measured to the result file: digests, rates and verdicts. Numbers only; every rendering is elsewhere.

import { ratesOf } from "../load/judge/rates.ts";
import { judgeThresholds } from "../load/judge/thresholds.ts";
import type { Inventory, Measurement, SocketCounts } from "../load/measurement.ts";
import { eachMeasure, footprintOf } from "../record/footprint.ts";
import type { Plan } from "../scenario/plan.ts";
import { maskPlan, maskUrl } from "../scenario/template/mask.ts";
import { blocksOf, digestOf, digestsOf } from "./digest.ts";
import { judgeGenerator } from "./generator_verdict.ts";
import { leakGate } from "./leak_gate.ts";
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
      byRequest: run.byRequest.map(({ response, failures: _, censored: __, ...account }, index) => ({
        name: maskUrl(plan.requests[index]!.name),
        ...account,
        response: digestOf(response),
      })),
    }),
    ...(run.warmup !== undefined && { warmup: { ...run.warmup } }),
    ...(run.cooldown !== undefined && { cooldown: { ...run.cooldown } }),
    ...(run.settled !== undefined && { settle: settleOf(run.settled) }),
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
      ...(run.sockets !== undefined && { sockets: socketsOf(run.sockets) }),
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
    thresholds: [...judgeThresholds(plan, run), ...leakGate(plan, leak)],
    blocks: blocksOf(run),
    series: run.series.map((line) => ({ ...line })),
  };
}

/** What is open, as it was once the run had settled, where it did. */
function leakFactsOf(plan: Plan, run: Measurement): LeakFacts {
  const { census, heldByRequest } = run.settled ?? run;
  const byRequest = plan.requests.map(({ name }, at) => ({ name: maskUrl(name), held: heldByRequest[at] ?? 0 }));
  return { ...run, census, slopes: run.slopes, heldBodies: census.heldBodies, byRequest };
}

function settleOf({ durationMs, census, process }: Inventory): Result["settle"] {
  const { live, inUse, idle, dialing, readLoops } = census;
  return {
    durationMs: toThousandths(durationMs),
    live,
    inUse,
    idle,
    dialing,
    heldBodies: census.heldBodies,
    readLoops: { ...readLoops },
    ...footprintOf(process),
  };
}

function socketsOf({ start, end, settled }: SocketCounts): Result["connections"]["sockets"] {
  return { start: { ...start }, end: { ...end }, ...(settled !== undefined && { settled: { ...settled } }) };
}

/** JSON has no undefined: what the plan leaves open is left out. */
function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

// Was it the server that was slow, or the generator that could not keep up? The generator tells on itself.

import { formatDurationUs } from "../core/units.ts";
import { isBusy, limitOf, ownPartUs, type Span } from "../load/account/limit.ts";
import { CensoredDistribution } from "../load/judge/censoring.ts";
import type { Measurement } from "../load/measurement.ts";
import { latePercentOf } from "../record/loop_delay.ts";
import { percentileUs } from "../record/percentile.ts";
import { isUnpaced, type Plan } from "../scenario/plan.ts";
import type { Result } from "./result.ts";

/** A smaller part of what the generator added goes without saying. */
const OWN_SHARE = 0.1;

/** A smaller part of a response time is none worth a figure. */
const LEAST_SHARE = 0.01;

type Facts = Pick<
  Measurement,
  "cpuUs" | "runnableUs" | "durationMs" | "requests" | "latency" | "loopDelay" | "workers"
>;

export function judgeGenerator(plan: Plan, run: Facts): Result["generator"] {
  const { loopDelay, requests, latency } = run;
  const span: Span = {
    lengthMs: run.durationMs,
    unpaced: isUnpaced(plan.load),
    responseUs: percentileUs(new CensoredDistribution(latency.response, latency.censored).all, 99),
    dispatchUs: percentileUs(latency.dispatch, 99),
    loopDelayUs: percentileUs(loopDelay, 99),
    runnablePercent: percentOf(run.runnableUs, run.durationMs),
    latePercent: run.workers === undefined
      ? latePercentOf(loopDelay, run.durationMs)
      : percentOf(Math.max(...run.workers.map(({ lateUs }) => lateUs)), run.durationMs),
  };
  const cpu = `${Math.round(percentOf(run.cpuUs, run.durationMs))} % of a core`;
  const limit = limitOf(span);
  const done = requests.completed + requests.failed;
  return {
    verdict: limit === "generator" ? "saturated" : "healthy",
    limit,
    reason: limit === "generator"
      ? blame(span, cpu, run.workers?.length ?? 1)
      : acquit(span, cpu, limit, percentileUs(latency.wait, 99)),
    cpuUsPerRequest: done === 0 ? 0 : Math.round((run.cpuUs / done) * 100) / 100,
    loopDelayUs: {
      p50: percentileUs(loopDelay, 50),
      p99: percentileUs(loopDelay, 99),
      max: percentileUs(loopDelay, 100),
    },
  };
}

function blame(span: Span, cpu: string, workers: number): string {
  if (isBusy(span) && span.unpaced) {
    const [who, got] = workers > 1 ? ["one of its workers", "all of them got"] : ["it", "got"];
    return `${who} had work for a whole core all the time, and ${got} ${cpu}: ` +
      "the rate may be its limit, not the server's.";
  }
  const { dispatchUs, loopDelayUs } = span;
  const late = [
    ...(dispatchUs >= OWN_SHARE * ownPartUs(span) ? [`sent requests up to ${formatDurationUs(dispatchUs)} late`] : []),
    ...(loopDelayUs >= OWN_SHARE * ownPartUs(span) ? [`saw answers up to ${formatDurationUs(loopDelayUs)} late`] : []),
  ];
  return `it ${
    late.join(" and ")
  } (p99), on ${cpu}: the response times include that, and the server is not to blame for it.`;
}

/** In a closed loop the thread's rest says it, as an answer's time does not: what it added may be as much as all of it. */
function acquit(span: Span, cpu: string, limit: "server" | "none", waitUs: number): string {
  const kept = `the generator kept up, on ${cpu}`;
  if (limit === "none" || span.responseUs === 0) return `${kept}.`;
  if (span.unpaced) {
    const rest = Math.max(0, 100 - Math.round(span.runnablePercent));
    return `${kept}: for ${rest} % of the time it had nothing to do but wait for the server${waitWords(span, waitUs)}.`;
  }
  const own = ownPartUs(span);
  const all = `of a response time of ${formatDurationUs(span.responseUs)} (p99)`;
  return own < LEAST_SHARE * span.responseUs
    ? `${kept}: ${all} next to nothing was its own, the rest was the server's${waitWords(span, waitUs)}.`
    : `${kept}: ${all} ${formatDurationUs(own)} at most were its own, the rest was the server's${
      waitWords(span, waitUs)
    }.`;
}

function waitWords({ responseUs }: Span, waitUs: number): string {
  return waitUs >= responseUs / 2 ? `, with up to ${formatDurationUs(waitUs)} of waiting for a connection` : "";
}

function percentOf(us: number, lengthMs: number): number {
  return lengthMs > 0 ? us / (lengthMs * 10) : 0;
}

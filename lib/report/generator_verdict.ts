// Was it the server that was slow, or the generator that could not keep up? The generator tells on itself.

import type { Run } from "../load/run.ts";
import { isOpenLoop, type Plan } from "../scenario/plan.ts";
import type { Result } from "./result.ts";
import { formatDuration } from "./units.ts";

/** An event loop this late sends late, and stamps late. */
const LATE_LOOP_US = 20_000;

/** Of one core. */
const BUSY_PERCENT = 95;

/** A shorter run spends its CPU on compiling its own code, on more than one thread. */
const LEAST_MS = 500;

export function judgeGenerator(
  plan: Plan,
  run: Pick<Run, "cpuUs" | "durationMs" | "requests" | "loopDelay">,
): Result["generator"] {
  const { loopDelay, requests } = run;
  const at = (percentile: number) => loopDelay.totalCount === 0 ? 0 : loopDelay.getValueAtPercentile(percentile);
  const loopDelayUs = { p50: at(50), p99: at(99), max: loopDelay.totalCount === 0 ? 0 : loopDelay.maxValue };
  const cpuPercent = run.durationMs > 0 ? run.cpuUs / (run.durationMs * 10) : 0;
  const done = requests.completed + requests.failed;
  return {
    ...decide(plan, run, loopDelayUs.p99, cpuPercent),
    cpuUsPerRequest: done === 0 ? 0 : Math.round((run.cpuUs / done) * 100) / 100,
    loopDelayUs,
  };
}

function decide(
  plan: Plan,
  run: Pick<Run, "durationMs">,
  loopDelayP99Us: number,
  cpuPercent: number,
): Pick<Result["generator"], "verdict" | "reason"> {
  const busy = run.durationMs >= LEAST_MS && cpuPercent >= BUSY_PERCENT;
  if (!isOpenLoop(plan.load)) {
    if (!busy) return { verdict: "healthy", reason: `the generator used ${Math.round(cpuPercent)} % of a core.` };
    return {
      verdict: "saturated",
      reason: `the generator used a whole core (${
        Math.round(cpuPercent)
      } %): the rate may be its limit, not the server's.`,
    };
  }
  if (loopDelayP99Us >= LATE_LOOP_US) {
    const late = formatDuration(loopDelayP99Us);
    return {
      verdict: "saturated",
      reason: `the generator's event loop was up to ${late} late (p99): latencies include it.`,
    };
  }
  if (busy) {
    return {
      verdict: "saturated",
      reason: `the generator used a whole core (${Math.round(cpuPercent)} %): latencies may include its own delay.`,
    };
  }
  return { verdict: "healthy", reason: `the generator kept up, on ${Math.round(cpuPercent)} % of a core.` };
}

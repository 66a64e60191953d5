// How a run stands, from what its shard has in its account: what each second of a journal tells, and the end of a run.

import type { Plan } from "../scenario/plan.ts";
import type { RunState } from "./measurement.ts";
import type { Sampling } from "./sampling.ts";
import type { Shard } from "./shard/shard.ts";

/** How a run stands, with what its shard has in its account by now. */
export function runStateOf(
  plan: Plan,
  shard: Shard,
  { first, last, live, waiting, heldBodies, footprint }: Sampling,
): RunState {
  const { account, dispatchedForMs, workers, runnableUs } = shard;
  const { offered, completed, failed, inFlight, unsent } = account;
  const { bytesSent, bytesReceived } = shard.traffic();
  return {
    durationMs: dispatchedForMs,
    answeredInGrace: account.answeredInGrace,
    rpsTarget: rpsTargetOf(plan, shard),
    requests: {
      offered,
      completed,
      failed,
      inFlight,
      unsent,
      byStatus: account.byStatus(),
      byError: account.byError(),
    },
    bytes: { sent: bytesSent, received: bytesReceived },
    census: shard.census(),
    live,
    waiting,
    heldBodies,
    heldByRequest: account.heldByRequest(plan.requests.length),
    ...footprint,
    cpuUs: last.cpuUs - first.cpuUs,
    runnableUs: runnableUs ?? last.runnableUs - first.runnableUs,
    ...(workers !== undefined && { workers }),
  };
}

/** Where the rate changes, by plan or by hand, it is what was due by the end; a run may end early. */
function rpsTargetOf({ load: { rps, stages } }: Plan, shard: Shard): number | undefined {
  const { schedule, liveSchedule, dispatchedForMs, account } = shard;
  const constant = rps !== undefined && stages === undefined && liveSchedule?.changed !== true;
  if (schedule === undefined || constant) return rps;
  if (dispatchedForMs === 0) return schedule.rps;
  return (Math.max(account.offered, schedule.dueBefore(dispatchedForMs)) * 1000) / dispatchedForMs;
}

import type { LoadPlan } from "../../scenario/plan.ts";
import { firstRequests } from "./first_requests.ts";
import { LiveSchedule } from "./live_schedule.ts";
import { PoissonPoints } from "./poisson_points.ts";
import { EVEN, RateSchedule } from "./rate_schedule.ts";
import { RateCurve } from "./rate_curve.ts";
import { replay } from "./replay.ts";
import type { Schedule } from "./schedule.ts";

/**
 * The schedule of a plan, cut to its duration and its number of requests; undefined for a closed loop. If the plan names
 * a file of timestamps, pass its instants in `timestampsMs`: the library reads no file. Throws an `Error` without them.
 */
export function scheduleOf(load: LoadPlan, timestampsMs?: ArrayLike<number>): Schedule | undefined {
  const whole = wholeOf(load, timestampsMs);
  return whole === undefined ? undefined : firstRequests(whole, load.requests ?? Infinity);
}

/** The same, to be changed while it runs. */
export function liveScheduleOf(load: LoadPlan, timestampsMs?: ArrayLike<number>): LiveSchedule | undefined {
  const whole = wholeOf(load, timestampsMs);
  return whole && new LiveSchedule(whole, load.requests ?? Infinity);
}

function wholeOf(load: LoadPlan, timestampsMs: ArrayLike<number> | undefined): Schedule | undefined {
  const { rps, stages, durationMs = Infinity } = load;
  if (load.timestamps !== undefined) {
    if (timestampsMs === undefined) throw new Error("the plan names a file of timestamps, and none were given");
    return replay(timestampsMs, durationMs);
  }
  const rates = stages !== undefined
    ? RateCurve.stages(rps ?? 0, stages)
    : rps !== undefined
    ? RateCurve.constant(rps)
    : undefined;
  if (rates === undefined) return undefined;
  const points = load.arrivals === "poisson" ? new PoissonPoints(load.seed) : EVEN;
  return new RateSchedule(rates.until(durationMs), points);
}

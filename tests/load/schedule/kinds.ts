// One schedule of each kind, for what must hold for all of them.

import { firstRequests } from "../../../lib/load/schedule/first_requests.ts";
import { PoissonPoints } from "../../../lib/load/schedule/poisson_points.ts";
import { constantRate, RateSchedule } from "../../../lib/load/schedule/rate_schedule.ts";
import { RateCurve } from "../../../lib/load/schedule/rate_curve.ts";
import { replay } from "../../../lib/load/schedule/replay.ts";
import type { Schedule } from "../../../lib/load/schedule/schedule.ts";

const climb = RateCurve.stages(10, [{ durationMs: 4000, rps: 700 }]);
const spike = RateCurve.stages(100, [
  { durationMs: 2000, rps: 100 },
  { durationMs: 0, rps: 3000 },
  { durationMs: 300, rps: 3000 },
  { durationMs: 0, rps: 0 },
  { durationMs: 1000, rps: 0 },
  { durationMs: 2000, rps: 300 },
]);

export const KINDS: Readonly<Record<string, Schedule>> = {
  "a constant rate": new RateSchedule(RateCurve.constant(333.3).until(5000)),
  "a constant rate without end": constantRate(700),
  "a climb": new RateSchedule(climb),
  "steps, a spike and a pause": new RateSchedule(spike),
  "Poisson arrivals": new RateSchedule(RateCurve.constant(400).until(5000), new PoissonPoints(3)),
  "Poisson arrivals without end": new RateSchedule(RateCurve.constant(400), new PoissonPoints(3)),
  "Poisson arrivals over steps": new RateSchedule(spike, new PoissonPoints(4)),
  "a replay": replay(Array.from({ length: 1500 }, (_, i) => Math.floor(i / 3) ** 1.4)),
  "the first requests of a climb": firstRequests(new RateSchedule(climb), 777),
  "the first Poisson arrivals": firstRequests(new RateSchedule(RateCurve.constant(9), new PoissonPoints(5)), 600),
};

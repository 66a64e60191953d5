import type { Clock } from "../../core/clock.ts";
import type { Plan } from "../../scenario/plan.ts";
import type { Driver } from "../driver/driver.ts";
import type { Pacer } from "../pacer/pacer.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { scheduleOf } from "../schedule/schedule_of.ts";
import { ClosedLoop } from "./closed_loop.ts";
import type { Generator } from "./generator.ts";
import { OpenLoop } from "./open_loop.ts";
import type { StopRule } from "./stop_rule.ts";

/** What carries out a plan's load. `schedule` undefined: closed loop; `steered`: it may be changed under way. */
export function generatorOf(
  plan: Plan,
  driver: Driver,
  stopRule: StopRule,
  pacer: Pacer,
  clock: Clock,
  schedule: Schedule | undefined = scheduleOf(plan.load),
  steered = false,
): Generator {
  return schedule === undefined
    ? new ClosedLoop(plan, driver, stopRule, clock)
    : new OpenLoop(plan, driver, stopRule, pacer, clock, schedule, steered);
}

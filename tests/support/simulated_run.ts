import type { Timer } from "../../lib/core/clock.ts";
import type { ControlCommand } from "../../lib/load/control_command.ts";
import type { Measurement } from "../../lib/load/measurement.ts";
import { Measuring } from "../../lib/load/measuring.ts";
import type { Observer } from "../../lib/load/observer.ts";
import { Observers } from "../../lib/load/observers.ts";
import type { Pacer } from "../../lib/load/pacer/pacer.ts";
import type { RunInputs } from "../../lib/load/run_inputs.ts";
import { ThreadShard } from "../../lib/load/shard/thread_shard.ts";
import { Steering } from "../../lib/load/steering.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { FakeClock } from "./fake_clock.ts";
import { type Answers, SimulatedEngine } from "./simulated_engine.ts";

/** A request is sent once its instant is over. */
const LATE_MS = 0.001;

/** A pacer that is late by next to nothing. */
export function simulatedPacer(clock: FakeClock): Pacer {
  let timer: Timer | undefined;
  return {
    wakeAt: (dueMs, callback) => timer = clock.setTimer(Math.max(0, dueMs + LATE_MS - clock.nowMs()), callback),
    cancel: () => timer?.clear(),
    stop: () => timer?.clear(),
  };
}

/** What somebody does to a run, by when: milliseconds since its beginning. */
export type Steered = Readonly<Record<number, ControlCommand>>;

/**
 * A run whose time passes as fast as it can be worked out: all of it but the client and its server, which are simulated.
 * `observe` is given the clock, so that it can let time pass unseen; `steered` is done by hand.
 */
export async function simulateRun(
  plan: Plan,
  answers: Answers = {},
  inputs: RunInputs = {},
  observe: (clock: FakeClock) => Observer = () => ({}),
  steered?: Steered,
): Promise<Measurement> {
  const clock = new FakeClock();
  const engine = new SimulatedEngine(plan, clock, answers, inputs);
  const shard = new ThreadShard(plan, inputs, engine, simulatedPacer(clock), clock, steered !== undefined);
  let over = false;
  const carryOut = async (): Promise<Measurement> => {
    const early = await shard.warmUp();
    const measuring = new Measuring(plan, shard, new Observers([observe(clock)]), clock);
    const measured = await measuring.run(early, () => {
      const steering = new Steering(shard, false, (change) => measuring.mark(change));
      for (const [atMs, command] of Object.entries(steered ?? {})) {
        clock.setTimer(Number(atMs), () => steering.apply(command));
      }
      return steering;
    });
    const cooled = await shard.cooledDown();
    const { settleMs } = plan.load;
    const settled = settleMs > 0 && measured.outcome !== "interrupted" ? await shard.inventory(settleMs) : undefined;
    return {
      ...measured,
      warmup: shard.warmedUp === undefined ? undefined : { offered: shard.warmedUp },
      cooldown: cooled === undefined ? undefined : { offered: cooled },
      settled,
    };
  };
  const run = carryOut().finally(() => over = true);
  await settled();
  while (!over) {
    if (!clock.step()) throw new Error("the run waits for something that no timer brings");
    await settled();
  }
  try {
    return await run;
  } finally {
    await shard.close();
  }
}

/** Lets what was promised at this instant happen, before the next. */
async function settled(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}

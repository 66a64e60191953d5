// The loads around the one that is measured: warm-up and cool-down.

import type { Clock, Timer } from "../../core/clock.ts";
import { isOpenLoop, type LoadPlan, type Plan } from "../../scenario/plan.ts";
import type { Share } from "../../scenario/resolve/share.ts";
import { LONGEST_DURATION_MS } from "../../scenario/value/duration.ts";
import type { Driver } from "../driver/driver.ts";
import { type Ending, INTERRUPTED } from "../ending.ts";
import type { Pacer } from "../pacer/pacer.ts";
import { scheduleOf } from "../schedule/schedule_of.ts";
import { everyNth } from "../schedule/every_nth.ts";
import type { Generator } from "./generator.ts";
import { generatorOf } from "./generator_of.ts";
import type { StopRule } from "./stop_rule.ts";

/** How it is sent, which is how the load that is measured is sent. */
export interface Means {
  readonly driver: Driver;
  readonly stopRule: StopRule;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly share: Share;
  /** Of a replay. */
  readonly timestampsMs: ArrayLike<number> | undefined;
}

/**
 * A plan's load that is not measured, before or after the one that is: a generator with an account of its own, over the
 * same connections and by the same pacer. What it has in flight at its end goes on and is cut off by its own time limits.
 */
export class SideLoad {
  readonly #plan: Plan;
  readonly #durationMs: number;
  readonly #generator: Generator;
  readonly #clock: Clock;
  #timer: Timer | undefined = undefined;
  #timeIsOver: (() => void) | undefined = undefined;
  #stopped = false;

  private constructor(
    plan: Plan,
    load: LoadPlan,
    durationMs: number,
    { driver, stopRule, pacer, clock, share, timestampsMs }: Means,
  ) {
    this.#clock = clock;
    this.#plan = plan;
    this.#durationMs = durationMs;
    const aside = { ...load, durationMs, requests: undefined, graceMs: LONGEST_DURATION_MS };
    const whole = scheduleOf(aside, timestampsMs);
    this.#generator = generatorOf(
      { ...plan, load: aside },
      driver,
      stopRule,
      pacer,
      clock,
      whole && everyNth(whole, share.index, share.of),
    );
  }

  /** The load as it begins; undefined: the plan has no warm-up. */
  static warmup(plan: Plan, means: Means): SideLoad | undefined {
    const { load } = plan;
    return load.warmupMs === 0 ? undefined : new SideLoad(plan, load, load.warmupMs, means);
  }

  /** The load as it ends: where its rate changes, at the last one. Undefined: nothing is sent to cool down. */
  static cooldown(plan: Plan, means: Means): SideLoad | undefined {
    const { load } = plan;
    if (!coolsDown(load)) return undefined;
    const last = { ...load, rps: lastRpsOf(load), stages: undefined };
    return new SideLoad(plan, last, load.cooldownMs, means);
  }

  /** How many requests it has offered. */
  get offered(): number {
    return this.#generator.tally.offered;
  }

  /**
   * Runs it, from an instant of the clock on. Resolves when another load may begin: in an open loop at the instant that
   * ends this one, in a closed loop when its senders are free, but no later than the plan's grace. Where it ended early
   * it resolves at once, with how.
   */
  async run(atMs: number = this.#clock.nowMs()): Promise<Ending | undefined> {
    if (this.#stopped) return INTERRUPTED;
    const generator = this.#generator;
    const openLoop = isOpenLoop(this.#plan.load);
    const over = openLoop ? new Promise<Ending>((resolve) => generator.onDispatchEnd = resolve) : generator.ended;
    generator.start(atMs);
    const time = new Promise<void>((resolve) => {
      const ms = this.#durationMs + (openLoop ? 0 : this.#plan.load.graceMs);
      this.#timer = this.#clock.setTimer(ms - generator.elapsedMs(), resolve);
      this.#timeIsOver = resolve;
    });
    // in an open loop the dispatching ends with the time, unless the load ran out of requests before
    const ended = await (openLoop ? over : Promise.race([time, over]));
    if (ended?.outcome === "completed" && openLoop) await time;
    this.#timer?.clear();
    if (this.#stopped) return INTERRUPTED;
    return ended?.outcome === "completed" ? undefined : ended ?? undefined;
  }

  settle(): void {
    this.#generator.settle();
  }

  settled(): void {
    this.#generator.settled();
  }

  /** Ends it, and waits for nothing. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.clear();
    this.#timeIsOver?.();
    this.#generator.stop(INTERRUPTED);
  }
}

/** Whether anything is sent to cool down. */
export function coolsDown(load: LoadPlan): boolean {
  return load.cooldownMs > 0 && lastRpsOf(load) !== 0;
}

/** Undefined: a load without a rate. */
function lastRpsOf({ rps, stages }: LoadPlan): number | undefined {
  return stages?.at(-1)?.rps ?? rps;
}

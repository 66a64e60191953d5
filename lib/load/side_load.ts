import { type Clock, systemClock, type Timer } from "../core/clock.ts";
import { ProcessSampler } from "../record/process_sampler.ts";
import { LONGEST_DURATION_MS } from "../scenario/duration.ts";
import { isOpenLoop, type LoadPlan, type Plan } from "../scenario/plan.ts";
import { EconomyPacer } from "./economy_pacer.ts";
import type { Engine } from "./engine.ts";
import { type Ending, Generator } from "./generator.ts";
import type { Progress } from "./progress.ts";
import { scheduleOf } from "./schedule/schedule_of.ts";

/** How often a load that is not measured says that it goes on. */
const TELL_MS = 250;

export interface SideLoadOptions {
  readonly timestampsMs?: ArrayLike<number> | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A plan's load that is not measured, before or after the one that is: a generator with an account of its own, over the
 * same connections. What it has in flight at its end goes on and is cut off by its own time limits.
 */
export class SideLoad {
  readonly #plan: Plan;
  readonly #durationMs: number;
  readonly #engine: Engine;
  readonly #options: SideLoadOptions;
  readonly #generator: Generator;
  readonly #clock: Clock = systemClock;
  #timer: Timer | undefined = undefined;

  private constructor(plan: Plan, load: LoadPlan, durationMs: number, engine: Engine, options: SideLoadOptions) {
    this.#plan = plan;
    this.#durationMs = durationMs;
    this.#engine = engine;
    this.#options = options;
    const aside = { ...load, durationMs, requests: undefined, graceMs: LONGEST_DURATION_MS };
    this.#generator = new Generator(
      { ...plan, load: aside },
      engine.driver,
      engine.limits,
      new EconomyPacer(this.#clock),
      this.#clock,
      scheduleOf(aside, options.timestampsMs),
    );
  }

  /** The load as it begins; undefined: the plan has no warm-up. */
  static warmup(plan: Plan, engine: Engine, options: SideLoadOptions): SideLoad | undefined {
    const { warmupMs } = plan.load;
    return warmupMs === 0 ? undefined : new SideLoad(plan, plan.load, warmupMs, engine, options);
  }

  /** The load as it ends: where its rate changes, at the last one. Undefined: nothing is sent to cool down. */
  static cooldown(plan: Plan, engine: Engine, options: SideLoadOptions): SideLoad | undefined {
    const { cooldownMs, stages } = plan.load;
    const rps = stages?.at(-1)?.rps ?? plan.load.rps;
    if (cooldownMs === 0 || rps === 0) return undefined;
    return new SideLoad(plan, { ...plan.load, rps, stages: undefined }, cooldownMs, engine, options);
  }

  /** How many requests it has offered. */
  get offered(): number {
    return this.#generator.tally.offered;
  }

  /**
   * Runs it, and tells `aside`, what it is in words. Resolves when another load may begin: in an open loop at the instant
   * that ends this one, in a closed loop when its senders are free, but no later than the plan's grace. Where it ended
   * early it resolves at once, with how.
   */
  async run(aside: string): Promise<Ending | undefined> {
    const { signal, onProgress } = this.#options;
    const stop = (): void => this.stop();
    const stopTelling = onProgress === undefined ? () => {} : this.#tell(aside, onProgress);
    signal?.addEventListener("abort", stop);
    this.#generator.start();
    if (signal?.aborted) stop();
    try {
      return await this.#over();
    } finally {
      signal?.removeEventListener("abort", stop);
      stopTelling();
      this.#timer?.clear();
    }
  }

  /** Ends it, and waits for nothing. */
  stop(): void {
    this.#timer?.clear();
    this.#generator.stop({ outcome: "interrupted", reason: "" });
  }

  async #over(): Promise<Ending | undefined> {
    const openLoop = isOpenLoop(this.#plan.load);
    const time = new Promise<undefined>((resolve) => {
      const ms = this.#durationMs + (openLoop ? 0 : this.#plan.load.graceMs);
      this.#timer = this.#clock.setTimer(ms, () => resolve(undefined));
    });
    const ended = await Promise.race([time, this.#generator.ended]);
    if (ended !== undefined && ended.outcome !== "completed") return ended;
    if (openLoop) await time;
    return undefined;
  }

  /** Returns what ends the telling. */
  #tell(aside: string, onProgress: (progress: Progress) => void): () => void {
    const sampler = new ProcessSampler();
    const { load } = this.#plan;
    const tell = (): void => {
      const { inUse, idle, dialing, waiting } = this.#engine.transport.counts;
      onProgress({
        aside,
        elapsedMs: 0,
        totalMs: load.durationMs,
        requestsTotal: load.requests,
        offered: 0,
        completed: 0,
        failed: 0,
        rpsNow: 0,
        rpsTarget: load.rps,
        live: inUse + idle,
        dialing,
        waiting,
        rssBytes: sampler.sample().rssBytes,
      });
      timer = this.#clock.setTimer(TELL_MS, tell);
    };
    let timer = this.#clock.setTimer(0, tell);
    return () => {
      timer.clear();
      sampler.close();
    };
  }
}

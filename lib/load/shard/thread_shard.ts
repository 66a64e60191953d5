// The load of one thread: its client, its pacer, its generator, and the loads before and after it.

import { type Clock, systemClock } from "../../core/clock.ts";
import { collectGarbage } from "../../record/collect_garbage.ts";
import { lateUsOf, LoopDelay } from "../../record/loop_delay.ts";
import { type ProcessSample, ProcessSampler } from "../../record/process_sampler.ts";
import { runtimeInfo } from "../../record/runtime_info.ts";
import { type BodyPolicy, isOpenLoop, type Plan } from "../../scenario/plan.ts";
import type { Account, RequestCounts } from "../account/account.ts";
import { openEngine } from "../client/open_engine.ts";
import type { Census, Engine, EngineCounts, Traffic } from "../driver/driver.ts";
import type { Ending } from "../ending.ts";
import type { Generator } from "../generator/generator.ts";
import { generatorOf } from "../generator/generator_of.ts";
import { type Means, SideLoad } from "../generator/side_load.ts";
import type { Inventory } from "../measurement.ts";
import type { Pacer } from "../pacer/pacer.ts";
import { startPacer } from "../pacer/start_pacer.ts";
import type { RunInputs } from "../run_inputs.ts";
import type { LiveSchedule } from "../schedule/live_schedule.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { liveScheduleOf, scheduleOf } from "../schedule/schedule_of.ts";
import { everyNth } from "../schedule/every_nth.ts";
import { ALONE, type Neighbours } from "./neighbours.ts";
import { type Change, changeSchedule, type Shard } from "./shard.ts";
import { SocketCounter } from "./socket_counter.ts";

/** A plan's load, or a share of it, in this thread. */
export class ThreadShard implements Shard {
  readonly runtime: Shard["runtime"] = runtimeInfo();
  readonly socket: Shard["socket"];
  readonly schedule: Schedule | undefined;
  readonly liveSchedule: LiveSchedule | undefined;
  readonly ended: Promise<Ending>;
  readonly workers = undefined;
  readonly runnableUs = undefined;
  onDispatchEnd: Shard["onDispatchEnd"] = undefined;
  onSecond: Shard["onSecond"] = undefined;
  readonly #engine: Engine;
  /** How many the plan has. */
  readonly #requests: number;
  readonly #clock: Clock;
  readonly #sockets: SocketCounter | undefined;
  readonly #pacer: Pacer;
  readonly #generator: Generator;
  readonly #loopDelay: LoopDelay;
  readonly #warmup: SideLoad | undefined;
  readonly #cooldown: SideLoad | undefined;
  /** Made when somebody asks: a thread among others has no say in memory. */
  #sampler: ProcessSampler | undefined = undefined;
  #cooling: Promise<unknown> | undefined = undefined;
  #started = false;
  /** Ends the wait before its time; undefined: nothing waits. */
  #endSettling: (() => void) | undefined = undefined;
  /** What the client had done before, for the load that warms up. */
  #earlier: { readonly totals: Census["totals"]; readonly traffic: Traffic };

  /** `open` makes it of what the plan says; a test has an engine and a clock of its own. */
  constructor(
    plan: Plan,
    inputs: RunInputs,
    engine: Engine,
    pacer: Pacer,
    clock: Clock,
    steered: boolean = false,
    { share, limits }: Neighbours = ALONE,
    sockets?: SocketCounter,
  ) {
    const { timestampsMs } = inputs;
    const means: Means = { driver: engine, stopRule: limits(engine), pacer, clock, share, timestampsMs };
    this.#engine = engine;
    this.#requests = plan.requests.length;
    this.#clock = clock;
    this.#sockets = sockets;
    this.#pacer = pacer;
    this.socket = engine.socket;
    this.liveSchedule = steered ? liveScheduleOf(plan.load, timestampsMs) : undefined;
    this.schedule = this.liveSchedule ?? scheduleOf(plan.load, timestampsMs);
    const mine = this.schedule && everyNth(this.schedule, share.index, share.of);
    const isLive = this.liveSchedule !== undefined;
    this.#generator = generatorOf(plan, engine, means.stopRule, pacer, clock, mine, isLive);
    this.ended = this.#generator.ended;
    this.#loopDelay = new LoopDelay(clock);
    this.#warmup = SideLoad.warmup(plan, means);
    this.#cooldown = SideLoad.cooldown(plan, means);
    this.#earlier = this.#done();
  }

  /** `plan` is the share's. `steered`: it may be changed under way. Throws as `load` does. */
  static async open(
    plan: Plan,
    inputs: RunInputs,
    steered: boolean,
    neighbours: Neighbours = ALONE,
  ): Promise<ThreadShard> {
    const engine = openEngine(plan, inputs, steered, neighbours.share);
    const sockets = neighbours.ownsProcess ? SocketCounter.of(plan, inputs, engine.counts, systemClock) : undefined;
    // the pacer's thread is up before the first sample: its memory is none of the run's, and t0 does not wait for it
    const pacer = await startPacer(isOpenLoop(plan.load) ? plan.load.pacing : "economy", systemClock);
    collectGarbage(); // start-up's 10 MiB: in the run, the heap would grow by them, or hide in them what bodies held cost
    return new ThreadShard(plan, inputs, engine, pacer, systemClock, steered, neighbours, sockets);
  }

  get account(): Account {
    return this.#generator.tally;
  }

  get requests(): RequestCounts {
    return this.#generator.tally;
  }

  get loopDelay(): Shard["loopDelay"] {
    return this.#loopDelay.recorder;
  }

  get lateUs(): number {
    return lateUsOf(this.#loopDelay.recorder.interval);
  }

  get counts(): Readonly<EngineCounts> {
    return this.#engine.counts;
  }

  sample(): ProcessSample {
    return (this.#sampler ??= new ProcessSampler()).sample();
  }

  get bodyPolicy(): BodyPolicy {
    return this.#generator.bodyPolicy;
  }

  get dispatching(): boolean {
    return this.#generator.dispatching;
  }

  get dispatchedForMs(): number {
    return this.#generator.dispatchedForMs;
  }

  get warmedUp(): number | undefined {
    return this.#warmup?.offered;
  }

  /** `atMs`: the clock's instant to begin at. */
  async warmUp(atMs?: number): Promise<Ending | undefined> {
    return await this.#warmup?.run(atMs);
  }

  /** `atMs`: the clock's instant that the schedule begins at. */
  start(early?: Ending, atMs?: number): void {
    this.#started = true;
    this.#earlier = this.#done();
    this.#generator.onDispatchEnd = ({ outcome }) => {
      if (outcome === "completed") this.#cooling = this.#cooldown?.run();
      this.onDispatchEnd?.();
    };
    this.#generator.onSecond = this.onSecond;
    this.#loopDelay.start();
    if (early === undefined) this.#generator.start(atMs);
    else this.#generator.stop(early);
  }

  stop(ending: Ending): void {
    if (!this.#started) this.#warmup?.stop();
    else this.#generator.stop(ending);
    if (ending.outcome !== "interrupted") return;
    this.#cooldown?.stop();
    this.#endSettling?.();
  }

  async #cooled(cooldown: SideLoad): Promise<number> {
    await this.#cooling;
    return cooldown.offered;
  }

  cooledDown(): Promise<number> | undefined {
    return this.#cooldown && this.#cooled(this.#cooldown);
  }

  async inventory(settleMs: number): Promise<Inventory> {
    const durationMs = settleMs === 0 ? 0 : await this.#settle(settleMs);
    return {
      durationMs,
      census: this.census(),
      heldByRequest: this.account.heldByRequest(this.#requests),
      process: this.sample(),
      sockets: await this.#sockets?.count(),
    };
  }

  async close(): Promise<void> {
    this.#warmup?.stop();
    this.#cooldown?.stop();
    this.#loopDelay.stop();
    this.#pacer.stop();
    this.#sampler?.close();
    await this.#engine.close();
  }

  elapsedMs(): number {
    return this.#generator.elapsedMs();
  }

  dispatchDue(): number {
    return this.#generator.dispatchDue();
  }

  oldestUnfinishedMs(): number {
    return this.#generator.oldestUnfinishedMs();
  }

  endSecond(fold: () => void): void {
    fold();
  }

  conclude(): void {}

  traffic(): Traffic {
    const { bytesSent, bytesReceived } = this.#engine.traffic;
    const { traffic } = this.#earlier;
    return { bytesSent: bytesSent - traffic.bytesSent, bytesReceived: bytesReceived - traffic.bytesReceived };
  }

  census(): Census {
    const { totals: { dialed, reused, retried, closed }, ...now } = this.#engine.census();
    const before = this.#earlier.totals;
    return {
      ...now,
      totals: {
        dialed: dialed - before.dialed,
        reused: reused - before.reused,
        retried: retried - before.retried,
        closed: Object.fromEntries(
          Object.entries(closed).map(([reason, count]) => [reason, count - (before.closed[reason] ?? 0)] as const)
            .filter(([, count]) => count > 0),
        ),
      },
    };
  }

  changesFromMs(): number {
    return this.elapsedMs();
  }

  change(change: Change): void {
    const generator = this.#generator;
    if (change.kind === "bodies") generator.bodyPolicy = change.policy;
    else if (this.liveSchedule !== undefined) {
      changeSchedule(this.liveSchedule, change);
      generator.rescheduled();
    } else if (change.kind === "pause") generator.pause();
    else if (change.kind === "resume") generator.resume();
  }

  /** Waits, then collects garbage; resolves with how long it waited. */
  async #settle(forMs: number): Promise<number> {
    const fromMs = this.#clock.nowMs();
    const generators = [this.#generator, this.#warmup, this.#cooldown];
    for (const generator of generators) generator?.settle();
    await new Promise<void>((resolve) => {
      const timer = this.#clock.setTimer(forMs, resolve);
      this.#endSettling = () => {
        timer.clear();
        resolve();
      };
    });
    this.#endSettling = undefined;
    for (const generator of generators) generator?.settled();
    collectGarbage();
    return this.#clock.nowMs() - fromMs;
  }

  #done() {
    return { totals: this.#engine.census().totals, traffic: { ...this.#engine.traffic } };
  }
}

// The shards of a plan that are elsewhere, each at the end of a link, and look like one. Their results merge exactly: a
// second is in the account once each of them has told of it. They are threads of this process, which share memory and a
// clock with it, or processes, which say all of that by message.

import { type Clock, systemClock } from "../../core/clock.ts";
import { descriptorLimit } from "../../record/descriptor_limit.ts";
import type { LatencyRecorder } from "../../record/latency_recorder.ts";
import type { ProcessSample } from "../../record/process_sampler.ts";
import type { BodyPolicy, Plan } from "../../scenario/plan.ts";
import { shareOf } from "../../scenario/resolve/share.ts";
import type { Census, Traffic } from "../../transport/census.ts";
import type { Account, RequestCounts } from "../account/account.ts";
import { type EngineCounts, standingOf } from "../account/engine_counts.ts";
import { COMPLETED, type Ending } from "../ending.ts";
import { coolsDown } from "../generator/side_load.ts";
import type { Inventory, WorkerFigures } from "../measurement.ts";
import type { RunInputs } from "../run_inputs.ts";
import type { LiveSchedule } from "../schedule/live_schedule.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { liveScheduleOf, scheduleOf } from "../schedule/schedule_of.ts";
import { type Change, changeSchedule, type Shard, type Standing } from "../shard/shard.ts";
import type { ShardSecond } from "../shard/shard_second.ts";
import { countsOf, SharedCounts, SummedCounts } from "../shard/shared_counts.ts";
import { Barrier } from "./barrier.ts";
import { Gathering } from "./gathering.ts";
import type { Hosts, Link } from "./link.ts";
import { addedUp, MergedSeconds } from "./merged_seconds.ts";
import { epochMs, errorOf, type FromHost, type Instant, type ToHost } from "./message.ts";
import { OwnProcess } from "./own_process.ts";
import { ShardReport } from "./shard_report.ts";

/** A message takes up to 0.8 ms to reach a thread: what all do at one instant is told this much before it. */
const LEAD_MS = 20;

export class LinkedShards implements Shard {
  readonly account: Account;
  readonly loopDelay: LatencyRecorder;
  readonly requests: RequestCounts;
  readonly counts: Readonly<EngineCounts>;
  readonly schedule: Schedule | undefined;
  readonly liveSchedule: LiveSchedule | undefined;
  readonly ended: Promise<Ending>;
  bodyPolicy: BodyPolicy;
  onDispatchEnd: Shard["onDispatchEnd"] = undefined;
  onSecond: Shard["onSecond"] = undefined;
  runtime!: Shard["runtime"];
  socket!: Shard["socket"];
  warmedUp: number | undefined = undefined;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #shared: SharedCounts;
  readonly #reports: readonly ShardReport[];
  readonly #merged: MergedSeconds;
  readonly #links: readonly Link[];
  /** What is open, as the shards are telling it; undefined: nobody has asked. */
  #gathering: Gathering | undefined = undefined;
  /** Which the shards are threads of; undefined: they are in others. */
  readonly #process: OwnProcess | undefined;
  #startedMs = 0;
  /** How many seconds are over. */
  #seconds = 0;
  #phase: "opening" | "warming" | "measuring" | "over" = "opening";
  /** The first that a shard came to other than to complete, or that all were told. */
  #ending: Ending | undefined = undefined;
  /** What the phase waits for from every shard. */
  #step!: Barrier;
  readonly #cooled: Barrier;
  #cooledOffered = 0;
  #resolveEnded!: (ending: Ending) => void;

  private constructor(plan: Plan, inputs: RunInputs, steered: boolean, { links, threads, clock }: Hosts) {
    const { load } = plan;
    this.#plan = plan;
    this.#clock = clock ?? systemClock;
    this.bodyPolicy = plan.requests[0]!.bodyPolicy;
    this.liveSchedule = steered ? liveScheduleOf(load, inputs.timestampsMs) : undefined;
    this.schedule = this.liveSchedule ?? scheduleOf(load, inputs.timestampsMs);
    this.ended = new Promise((resolve) => this.#resolveEnded = resolve);
    this.#shared = new SharedCounts(links.length);
    this.requests = this.counts = new SummedCounts(this.#shared);
    this.#process = threads ? new OwnProcess(plan, inputs, this.counts, this.#clock) : undefined;
    this.#reports = links.map(() => new ShardReport());
    this.#merged = new MergedSeconds(this.#reports);
    this.account = this.#merged.account;
    this.loopDelay = this.#merged.account.loopDelay;
    this.#cooled = new Barrier(links.length);
    this.#step = new Barrier(links.length);
    this.#links = links.map((open, index) =>
      open({ hear: (message) => this.#hear(index, message), died: (why) => this.#died(index, why) })
    );
  }

  /** Throws as `load` does, and if a host cannot start. */
  static async open(plan: Plan, inputs: RunInputs, steered: boolean, hosts: Hosts): Promise<LinkedShards> {
    const shards = new LinkedShards(plan, inputs, steered, hosts);
    try {
      await shards.#open(inputs, steered);
      return shards;
    } catch (error) {
      await shards.close();
      throw error;
    }
  }

  async #open({ pems, timestampsMs, feeds, bodies, environment }: RunInputs, steered: boolean): Promise<void> {
    await this.#step.passed;
    this.#step = new Barrier(this.#links.length);
    const inputs = { pems, timestampsMs, feeds, bodies, environment: { ...environment } };
    const shared = this.#process !== undefined
      ? { counts: this.#shared.buffer, descriptors: descriptorLimit() } // now that the threads have theirs
      : undefined;
    this.#links.forEach((link, index) => {
      const share = { index, of: this.#links.length };
      const plan = share.of === 1 ? this.#plan : shareOf(this.#plan, share);
      link.tell({ kind: "open", task: { plan, share, inputs, steered, shared } });
    });
    await this.#step.passed;
  }

  get runnableUs(): number {
    return this.#merged.runnableUs;
  }

  get lateUs(): number {
    return this.#merged.lateUs;
  }

  get workers(): readonly WorkerFigures[] | undefined {
    const all = this.#reports.flatMap((report) => report.figures());
    return all.length === 1 ? undefined : all;
  }

  sample(): ProcessSample {
    return this.#process?.sample() ?? addedUp(this.#reports.map(({ process }) => process));
  }

  get dispatching(): boolean {
    return this.#phase === "measuring" && this.#reports.some(({ dispatchedForMs }) => dispatchedForMs === undefined);
  }

  get dispatchedForMs(): number {
    const plannedMs = this.schedule?.endMs ?? this.#plan.load.durationMs ?? Infinity;
    if (this.dispatching) return Math.min(Math.max(0, this.elapsedMs()), plannedMs);
    return Math.max(...this.#reports.map(({ dispatchedForMs }) => dispatchedForMs ?? 0));
  }

  async warmUp(atMs: number = this.#soonMs()): Promise<Ending | undefined> {
    if (this.#plan.load.warmupMs === 0) return undefined;
    this.#phase = "warming";
    this.#step = new Barrier(this.#links.length);
    this.#tellAll({ kind: "warmUp", at: this.#instant(atMs) });
    await this.#step.passed;
    return this.#ending;
  }

  start(early: Ending | undefined = this.#ending, atMs: number = this.#soonMs()): void {
    this.#phase = "measuring";
    this.#step = new Barrier(this.#links.length);
    this.#startedMs = atMs;
    this.#ending = early;
    this.#tellAll({ kind: "start", at: this.#instant(atMs), early });
    this.#reports.forEach(({ dead }, index) => {
      if (dead) this.#step.arrive(index);
    });
    void this.#step.passed.then(() => {
      this.#phase = "over";
      const completed = this.#reports.every(({ ending }) => ending?.outcome === "completed");
      this.#resolveEnded(completed ? COMPLETED : this.#ending!);
    });
  }

  stop(ending: Ending): void {
    this.#ending ??= ending;
    this.#tellAll({ kind: "stop", ending });
  }

  cooledDown(): Promise<number> | undefined {
    return coolsDown(this.#plan.load) ? this.#cooled.passed.then(() => this.#cooledOffered) : undefined;
  }

  async inventory(settleMs: number): Promise<Inventory> {
    const gathering = this.#gathering = new Gathering(this.#reports);
    this.#tellAll({ kind: "inventory", settleMs });
    const all = await gathering.sum();
    return this.#process?.complete(all) ?? all;
  }

  async close(): Promise<void> {
    this.#process?.close();
    await Promise.all(this.#links.map((link, index) => this.#reports[index]!.dead ? undefined : link.close()));
  }

  elapsedMs(): number {
    return this.#clock.nowMs() - this.#startedMs;
  }

  dispatchDue(): number {
    const elapsedMs = this.elapsedMs();
    for (; elapsedMs >= (this.#seconds + 1) * 1000; this.#seconds++) this.onSecond?.();
    return elapsedMs;
  }

  oldestUnfinishedMs(): number {
    return this.#merged.account.oldestMs();
  }

  endSecond(fold: (told?: Standing) => void): void {
    this.#merged.await((standing) => fold(this.#process !== undefined ? undefined : standing));
  }

  conclude(): void {
    this.#merged.settle();
  }

  traffic(): Traffic {
    return this.#merged.account.traffic();
  }

  census(): Census {
    return this.#merged.account.census();
  }

  changesFromMs(): number {
    return this.elapsedMs() + LEAD_MS;
  }

  change(change: Change): void {
    if (change.kind === "bodies") this.bodyPolicy = change.policy;
    else if (this.liveSchedule !== undefined) changeSchedule(this.liveSchedule, change);
    this.#tellAll({ kind: "change", change });
  }

  // --- from a host

  #hear(index: number, message: FromHost): void {
    const report = this.#reports[index]!;
    switch (message.kind) {
      case "loaded":
        return this.#step.arrive(index);
      case "ready":
        this.runtime = message.runtime;
        this.socket = message.socket;
        return this.#step.arrive(index);
      case "problem":
        return this.#step.fail(errorOf(message.problem));
      case "tick":
        report.process = message.process;
        return this.#shared.publish(index, message.requests, message.counts);
      case "warm":
        this.warmedUp = (this.warmedUp ?? 0) + (message.offered ?? 0);
        if (message.early !== undefined) this.#endAll(message.early);
        return this.#step.arrive(index);
      case "second":
        this.#take(index, message.second);
        return this.#merged.merge();
      case "dispatched":
        return this.#dispatched(report, message.forMs);
      case "ended":
        this.#take(index, message.second);
        report.ending = message.ending;
        this.#dispatched(report, message.forMs);
        if (message.ending.outcome !== "completed") this.#endAll(message.ending);
        this.#merged.merge();
        return this.#step.arrive(index);
      case "cooled":
        this.#cooledOffered += message.offered;
        return this.#cooled.arrive(index);
      case "inventory":
        return this.#gathering?.tell(index, message.inventory);
    }
  }

  /** Without one of its shards the load is another: it ends. */
  #died(index: number, why: string): void {
    const report = this.#reports[index]!;
    const reason = `${this.#process !== undefined ? "worker" : "process"} ${
      index + 1
    } of ${this.#reports.length} died: ${why}`;
    this.#shared.dropConnections(index);
    if (this.#phase === "opening") this.#step.fail(new Error(reason));
    report.die(this.#clock.nowMs());
    this.#dispatched(report, Math.max(0, this.elapsedMs()));
    if (this.#phase !== "over") this.#endAll({ outcome: "stopped", reason });
    this.#merged.merge();
    this.#step.arrive(index);
    this.#cooled.arrive(index);
    this.#gathering?.leaveOut(index);
  }

  #take(index: number, second: ShardSecond): void {
    this.#reports[index]!.tell(second, this.#clock.nowMs());
    if (this.#process === undefined) this.#shared.publish(index, countsOf(second), standingOf(second.census));
  }

  #dispatched(report: ShardReport, forMs: number): void {
    if (report.dispatchedForMs !== undefined) return;
    report.dispatchedForMs = forMs;
    if (this.#phase === "measuring" && !this.dispatching) this.onDispatchEnd?.();
  }

  /** One of them came to an end before its time. */
  #endAll(ending: Ending): void {
    if (this.#ending === undefined) this.stop(ending);
  }

  #tellAll(message: ToHost): void {
    this.#links.forEach((link, index) => {
      if (!this.#reports[index]!.dead) link.tell(message);
    });
  }

  /** The soonest that all can begin at: processes begin when they hear of it. */
  #soonMs(): number {
    return this.#clock.nowMs() + (this.#process !== undefined ? LEAD_MS : 0);
  }

  #instant(atMs: number): Instant {
    return this.#process !== undefined ? epochMs(atMs) : undefined;
  }
}

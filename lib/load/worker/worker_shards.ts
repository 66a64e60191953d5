// Several shards of a plan, each in a worker thread, that look like one. Their results merge exactly: a second is in the
// account once every thread has told of it.

import { type Clock, systemClock } from "../../core/clock.ts";
import { descriptorLimit } from "../../record/descriptor_limit.ts";
import type { LatencyRecorder } from "../../record/latency_recorder.ts";
import type { BodyPolicy, Plan } from "../../scenario/plan.ts";
import { shareOf } from "../../scenario/resolve/share.ts";
import type { Census, Counts, Traffic } from "../../transport/census.ts";
import type { Account, RequestCounts } from "../account/account.ts";
import type { Ending } from "../ending.ts";
import { coolsDown } from "../generator/side_load.ts";
import type { RunInputs } from "../run_inputs.ts";
import type { WorkerFigures } from "../measurement.ts";
import type { LiveSchedule } from "../schedule/live_schedule.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { liveScheduleOf, scheduleOf } from "../schedule/schedule_of.ts";
import { MergedAccount } from "../shard/merged_account.ts";
import { type Change, changeSchedule, type Shard } from "../shard/shard.ts";
import { SharedCounts, SummedCounts } from "../shard/shared_counts.ts";
import { Barrier } from "./barrier.ts";
import { WorkerLink } from "./worker_link.ts";
import { epochMs, errorOf, type FromWorker, type ToWorker } from "./worker_messages.ts";
import { WorkerReport } from "./worker_report.ts";

/** A message takes up to 0.8 ms to reach a thread: what all do at one instant is told this much before it. */
const LEAD_MS = 20;

const COMPLETED: Ending = { outcome: "completed", reason: "" };

export class WorkerShards implements Shard {
  readonly schedule: Schedule | undefined;
  readonly liveSchedule: LiveSchedule | undefined;
  readonly ended: Promise<Ending>;
  bodyPolicy: BodyPolicy;
  socket!: Shard["socket"];
  runnableUs = 0;
  lateUs = 0;
  warmedUp: number | undefined = undefined;
  readonly #plan: Plan;
  readonly #inputs: RunInputs;
  readonly #steered: boolean;
  readonly #clock: Clock = systemClock;
  readonly #shared: SharedCounts;
  readonly #summed: SummedCounts;
  readonly #account = new MergedAccount();
  readonly #workers: readonly WorkerReport[];
  readonly #links: readonly WorkerLink[];
  /** Called once the next second has come from every thread, in their order. */
  readonly #awaited: (() => void)[] = [];
  #startedMs = 0;
  #phase: "opening" | "warming" | "measuring" | "over" = "opening";
  /** The first that a thread came to other than to complete, or that all were told. */
  #ending: Ending | undefined = undefined;
  /** What the phase waits for from every thread. */
  #step!: Barrier;
  readonly #cooled: Barrier;
  #cooledOffered = 0;
  #resolveEnded!: (ending: Ending) => void;

  private constructor(plan: Plan, inputs: RunInputs, steered: boolean) {
    const { load } = plan;
    this.#plan = plan;
    this.#inputs = inputs;
    this.#steered = steered;
    this.bodyPolicy = plan.requests[0]!.bodyPolicy;
    this.liveSchedule = steered ? liveScheduleOf(load, inputs.timestampsMs) : undefined;
    this.schedule = this.liveSchedule ?? scheduleOf(load, inputs.timestampsMs);
    this.ended = new Promise((resolve) => this.#resolveEnded = resolve);
    this.#shared = new SharedCounts(load.workers);
    this.#summed = new SummedCounts(this.#shared);
    this.#workers = Array.from({ length: load.workers }, () => new WorkerReport());
    this.#cooled = new Barrier(load.workers);
    this.#step = new Barrier(load.workers);
    this.#links = this.#workers.map((_, index) =>
      new WorkerLink((message) => this.#hear(index, message), (why) => this.#died(index, why))
    );
  }

  /** Throws as `runLoad` does, and where a thread cannot start. */
  static async open(plan: Plan, inputs: RunInputs, steered: boolean): Promise<WorkerShards> {
    const shards = new WorkerShards(plan, inputs, steered);
    try {
      await shards.#open();
      return shards;
    } catch (error) {
      await shards.close();
      throw error;
    }
  }

  async #open(): Promise<void> {
    await this.#step.passed;
    this.#step = new Barrier(this.#links.length);
    const { pems, timestampsMs, feeds, environment } = this.#inputs;
    const inputs = { pems, timestampsMs: inSharedMemory(timestampsMs), feeds, environment: { ...environment } };
    const descriptors = descriptorLimit(); // now that the threads have theirs
    this.#links.forEach((link, index) => {
      const share = { index, of: this.#links.length };
      const plan = shareOf(this.#plan, share);
      const counts = this.#shared.buffer;
      link.tell({ kind: "open", task: { plan, share, inputs, steered: this.#steered, counts, descriptors } });
    });
    await this.#step.passed;
  }

  get account(): Account {
    return this.#account;
  }

  get loopDelay(): LatencyRecorder {
    return this.#account.loopDelay;
  }

  get requests(): RequestCounts {
    return this.#summed;
  }

  get counts(): Readonly<Counts> {
    return this.#summed;
  }

  get workers(): readonly WorkerFigures[] {
    return this.#workers.map((worker) => worker.figures());
  }

  get dispatching(): boolean {
    return this.#phase === "measuring" && this.#workers.some(({ dispatchedForMs }) => dispatchedForMs === undefined);
  }

  get dispatchedForMs(): number {
    if (this.dispatching) return Math.max(0, this.elapsedMs());
    return Math.max(...this.#workers.map(({ dispatchedForMs }) => dispatchedForMs ?? 0));
  }

  async warmUp(): Promise<Ending | undefined> {
    if (this.#plan.load.warmupMs === 0) return undefined;
    this.#phase = "warming";
    this.#step = new Barrier(this.#links.length);
    this.#tellAll({ kind: "warmUp", at: epochMs() + LEAD_MS });
    await this.#step.passed;
    return this.#ending;
  }

  start(early?: Ending): void {
    this.#phase = "measuring";
    this.#step = new Barrier(this.#links.length);
    this.#startedMs = this.#clock.nowMs() + LEAD_MS;
    this.#ending = early;
    this.#tellAll({ kind: "start", at: epochMs() + LEAD_MS, early });
    this.#workers.forEach(({ dead }, index) => {
      if (dead) this.#step.arrive(index);
    });
    void this.#step.passed.then(() => {
      this.#phase = "over";
      const completed = this.#workers.every(({ ending }) => ending?.outcome === "completed");
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

  async close(): Promise<void> {
    await Promise.all(this.#links.map((link, index) => this.#workers[index]!.dead ? undefined : link.close()));
  }

  elapsedMs(): number {
    return this.#clock.nowMs() - this.#startedMs;
  }

  dispatchDue(): number {
    return this.elapsedMs();
  }

  oldestUnfinishedMs(): number {
    return this.#account.oldestMs();
  }

  endSecond(fold: () => void): void {
    this.#awaited.push(fold);
    this.#merge();
  }

  settle(): void {
    while (this.#workers.some((worker) => worker.hasNext)) this.#mergeSecond();
  }

  traffic(): Traffic {
    return this.#account.traffic();
  }

  census(): Census {
    return this.#account.census();
  }

  changesFromMs(): number {
    return this.elapsedMs() + LEAD_MS;
  }

  change(change: Change): void {
    if (change.kind === "bodies") this.bodyPolicy = change.policy;
    else if (this.liveSchedule !== undefined) changeSchedule(this.liveSchedule, change);
    this.#tellAll({ kind: "change", change });
  }

  // --- from a thread

  #hear(index: number, message: FromWorker): void {
    const worker = this.#workers[index]!;
    switch (message.kind) {
      case "loaded":
        return this.#step.arrive(index);
      case "ready":
        this.socket = message.socket;
        return this.#step.arrive(index);
      case "problem":
        return this.#step.fail(errorOf(message.problem));
      case "warm":
        this.warmedUp = (this.warmedUp ?? 0) + (message.offered ?? 0);
        if (message.early !== undefined) this.#endAll(message.early);
        return this.#step.arrive(index);
      case "second":
        worker.tell(message.second, this.#clock.nowMs());
        return this.#merge();
      case "dispatched":
        worker.dispatchedForMs = message.forMs;
        return;
      case "ended":
        worker.tell(message.second, this.#clock.nowMs());
        worker.ending = message.ending;
        worker.dispatchedForMs = message.forMs;
        if (message.ending.outcome !== "completed") this.#endAll(message.ending);
        this.#merge();
        return this.#step.arrive(index);
      case "cooled":
        this.#cooledOffered += message.offered;
        return this.#cooled.arrive(index);
    }
  }

  /** Without one of its threads the load is another: it ends. */
  #died(index: number, why: string): void {
    const worker = this.#workers[index]!;
    if (worker.dead) return;
    const reason = `worker ${index + 1} of ${this.#workers.length} died: ${why}`;
    this.#shared.dropConnections(index);
    if (this.#phase === "opening") this.#step.fail(new Error(reason));
    worker.die(this.#clock.nowMs());
    worker.dispatchedForMs ??= Math.max(0, this.elapsedMs());
    if (this.#phase !== "over") this.#endAll({ outcome: "stopped", reason });
    this.#merge();
    this.#step.arrive(index);
    this.#cooled.arrive(index);
  }

  /** One of them came to an end before its time. */
  #endAll(ending: Ending): void {
    if (this.#ending === undefined) this.stop(ending);
  }

  // --- inside

  #tellAll(message: ToWorker): void {
    this.#links.forEach((link, index) => {
      if (!this.#workers[index]!.dead) link.tell(message);
    });
  }

  #merge(): void {
    while (this.#awaited.length > 0 && this.#workers.every(({ hasNext, over }) => hasNext || over)) {
      this.#mergeSecond();
      this.#awaited.shift()!();
    }
  }

  #mergeSecond(): void {
    let busiestUs = 0;
    this.lateUs = 0;
    this.#workers.forEach((worker, index) => {
      if (!worker.hasNext) return;
      const { second, runnableUs } = worker.take();
      this.#account.add(index, second);
      busiestUs = Math.max(busiestUs, runnableUs);
      this.lateUs = Math.max(this.lateUs, second.lateUs);
    });
    this.runnableUs += busiestUs;
  }
}

/** Once for all threads: a file of instants may be large. */
function inSharedMemory(instants: ArrayLike<number> | undefined): Float64Array | undefined {
  if (instants === undefined) return undefined;
  const shared = new Float64Array(new SharedArrayBuffer(instants.length * Float64Array.BYTES_PER_ELEMENT));
  shared.set(instants);
  return shared;
}

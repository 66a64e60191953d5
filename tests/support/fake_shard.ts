import { Tally } from "../../lib/load/account/tally.ts";
import type { Ending } from "../../lib/load/ending.ts";
import type { Inventory } from "../../lib/load/measurement.ts";
import type { Schedule } from "../../lib/load/schedule/schedule.ts";
import { scheduleOf } from "../../lib/load/schedule/schedule_of.ts";
import type { Shard, Standing } from "../../lib/load/shard/shard.ts";
import { LatencyRecorder } from "../../lib/record/latency_recorder.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import type { FakeClock } from "./fake_clock.ts";

/** A load of which nothing is sent: whatever is due is answered at once, after `responseMs` as its account says. */
export class FakeShard implements Shard {
  readonly runtime: Shard["runtime"] = { name: "node", version: "20.0.0", os: "linux", arch: "x64", cpus: 2 };
  readonly socket = "node";
  readonly account: Tally = new Tally();
  readonly loopDelay: LatencyRecorder = new LatencyRecorder();
  readonly requests: Tally = this.account;
  readonly counts = { dialing: 0, inUse: 1, idle: 2, waiting: 0, heldBodies: 0 };
  readonly schedule: Schedule | undefined;
  readonly liveSchedule = undefined;
  readonly bodyPolicy = "read";
  readonly workers = undefined;
  readonly runnableUs = undefined;
  readonly lateUs = 0;
  readonly warmedUp = undefined;
  readonly ended: Promise<Ending>;
  onDispatchEnd: Shard["onDispatchEnd"] = undefined;
  onSecond: Shard["onSecond"] = undefined;
  dispatching = false;
  responseMs = 1;
  sampled = 0;
  /** What it told of a second's end; undefined: it is in this process. */
  told: Standing | undefined = undefined;
  readonly #clock: FakeClock;
  readonly #plan: Plan;
  #startedMs = 0;
  #endedMs: number | undefined = undefined;
  #end!: (ending: Ending) => void;

  constructor(plan: Plan, clock: FakeClock) {
    this.#plan = plan;
    this.#clock = clock;
    this.schedule = scheduleOf(plan.load);
    this.ended = new Promise((resolve) => this.#end = resolve);
  }

  get dispatchedForMs(): number {
    return this.#endedMs ?? this.elapsedMs();
  }

  sample() {
    this.sampled += 1;
    const cpuUs = this.#clock.nowMs() * 100;
    return { rssBytes: 1000 * this.sampled, heapBytes: 7, externalBytes: 8, cpuUs, runnableUs: cpuUs };
  }

  warmUp(): Promise<Ending | undefined> {
    return Promise.resolve(undefined);
  }

  start(early?: Ending): void {
    this.#startedMs = this.#clock.nowMs();
    this.dispatching = true;
    if (early !== undefined) this.stop(early);
    else if (this.#plan.load.durationMs !== undefined) {
      this.#clock.setTimer(this.#plan.load.durationMs, () => this.stop({ outcome: "completed", reason: "" }));
    }
  }

  stop(ending: Ending): void {
    if (!this.dispatching) return;
    this.dispatchDue();
    this.dispatching = false;
    this.#endedMs = this.elapsedMs();
    this.#end(ending);
  }

  cooledDown(): undefined {}

  inventory(): Promise<Inventory> {
    return Promise.resolve({ durationMs: 0, census: this.census(), heldByRequest: [0], process: this.sample() });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  elapsedMs(): number {
    return this.#clock.nowMs() - this.#startedMs;
  }

  dispatchDue(): number {
    const due = this.dispatching ? this.schedule!.dueBefore(this.elapsedMs()) : 0;
    for (; this.account.offered < due; this.account.offered++, this.account.completed++) {
      this.account.clocks.response.recordMs(this.responseMs);
    }
    return this.elapsedMs();
  }

  oldestUnfinishedMs(): number {
    return 0;
  }

  endSecond(fold: (told?: Standing) => void): void {
    fold(this.told);
  }

  conclude(): void {}

  traffic() {
    return { bytesSent: 10, bytesReceived: 20 };
  }

  census() {
    const totals = { dialed: 3, reused: 0, retried: 0, closed: {} };
    return { live: 3, ...this.counts, readLoops: {}, writeLoops: {}, totals };
  }

  changesFromMs(): number {
    return this.elapsedMs();
  }

  change(): void {}
}

import type { MessagePort } from "node:worker_threads";
import { type Clock, systemClock, type Timer } from "../../core/clock.ts";
import { ThreadClock, type ThreadTimes } from "../../record/thread_clock.ts";
import type { Failure } from "../driver/attempt.ts";
import type { Counts } from "../driver/driver.ts";
import { limitsOf, type StopRule } from "../generator/stop_rule.ts";
import type { Neighbours } from "../shard/neighbours.ts";
import { takeSecond } from "../shard/shard_second.ts";
import { SharedCounts } from "../shard/shared_counts.ts";
import { ThreadShard } from "../shard/thread_shard.ts";
import { clockMs, type FromWorker, plainError, type ToWorker, type WorkerTask } from "./worker_messages.ts";

/** How old the counts may be that the main thread sees. */
const PUBLISH_MS = 20;

/** A worker thread's side: carries out one share of a plan, as it is told by message, and tells of each second. */
export class WorkerHost {
  readonly #port: MessagePort;
  readonly #clock: Clock = systemClock;
  readonly #thread = new ThreadClock();
  /** The thread's times as the load began. */
  #before: ThreadTimes | undefined = undefined;
  #share: OpenShare | undefined = undefined;
  #publishing: Timer | undefined = undefined;
  #nextSecond: Timer | undefined = undefined;
  #seconds = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (message: ToWorker) => this.#hear(message));
    this.#tell({ kind: "loaded" });
  }

  #hear(message: ToWorker): void {
    const shard = this.#share?.shard;
    switch (message.kind) {
      case "open":
        return void this.#open(message.task);
      case "warmUp":
        return void this.#warmUp(shard!, message.at);
      case "start":
        return void this.#run(this.#share!, message);
      case "stop":
        return shard!.stop(message.ending);
      case "change":
        return shard!.change(message.change);
      case "close":
        return void this.#close();
    }
  }

  async #open(task: WorkerTask): Promise<void> {
    const counts = new SharedCounts(task.share.of, task.counts);
    try {
      const shard = await ThreadShard.open(task.plan, task.inputs, task.steered, neighboursOf(task, counts));
      this.#share = { shard, task, counts };
      this.#publish(this.#share);
      this.#tell({ kind: "ready", socket: shard.socket });
    } catch (error) {
      this.#tell({ kind: "problem", problem: plainError(error) });
    }
  }

  async #warmUp(shard: ThreadShard, at: number): Promise<void> {
    const early = await shard.warmUp(clockMs(at));
    this.#tell({ kind: "warm", early, offered: shard.warmedUp });
  }

  async #run(share: OpenShare, { at, early }: ToWorker & { kind: "start" }): Promise<void> {
    const { shard } = share;
    shard.onDispatchEnd = () => this.#tell({ kind: "dispatched", forMs: shard.dispatchedForMs });
    this.#before = this.#thread.read();
    shard.start(early, clockMs(at));
    this.#awaitSecond(share);
    const ending = await shard.ended;
    this.#nextSecond?.clear();
    share.counts.publish(share.task.share.index, shard.account, shard.counts);
    this.#tell({ kind: "ended", ending, second: this.#take(share), forMs: shard.dispatchedForMs });
    const cooled = shard.cooledDown();
    if (cooled !== undefined) this.#tell({ kind: "cooled", offered: await cooled });
  }

  /** A line of the series is a second of the schedule, in every thread the same. */
  #awaitSecond(share: OpenShare): void {
    const { shard } = share;
    const dueMs = (this.#seconds + 1) * 1000;
    this.#nextSecond = this.#clock.setTimer(Math.max(0, dueMs - shard.elapsedMs()), () => {
      const now = shard.dispatchDue();
      for (; now >= (this.#seconds + 1) * 1000; this.#seconds++) {
        this.#tell({ kind: "second", second: this.#take(share) });
      }
      this.#awaitSecond(share);
    });
  }

  #take({ shard, task }: OpenShare) {
    const now = this.#thread.read();
    const before = this.#before;
    const times = now && before &&
      { cpuUs: now.cpuUs - before.cpuUs, runnableUs: now.runnableUs - before.runnableUs };
    return takeSecond(shard, task.plan.requests.length, times);
  }

  #publish(share: OpenShare): void {
    const { shard, counts, task } = share;
    counts.publish(task.share.index, shard.requests, shard.counts);
    this.#publishing = this.#clock.setTimer(PUBLISH_MS, () => this.#publish(share), false);
  }

  async #close(): Promise<void> {
    this.#publishing?.clear();
    this.#nextSecond?.clear();
    await this.#share?.shard.close();
    this.#thread.close();
    this.#tell({ kind: "closed" });
  }

  #tell(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

interface OpenShare {
  readonly shard: ThreadShard;
  readonly task: WorkerTask;
  readonly counts: SharedCounts;
}

function neighboursOf({ share, descriptors }: WorkerTask, shared: SharedCounts): Neighbours {
  return {
    share,
    limits: (engine) => {
      const elsewhere = { threads: share.of - 1, sockets: () => shared.socketsBeside(share.index) };
      return new PublishedLimits(share.index, engine.counts, shared, limitsOf(engine, descriptors, elsewhere));
    },
  };
}

/** Lets the other threads know, before each request, how many descriptors this one has taken. */
class PublishedLimits implements StopRule {
  readonly #worker: number;
  readonly #counts: Readonly<Counts>;
  readonly #shared: SharedCounts;
  readonly #limits: StopRule;

  constructor(worker: number, counts: Readonly<Counts>, shared: SharedCounts, limits: StopRule) {
    this.#worker = worker;
    this.#counts = counts;
    this.#shared = shared;
    this.#limits = limits;
  }

  beforeSend(): string | undefined {
    this.#shared.publishSockets(this.#worker, this.#counts);
    return this.#limits.beforeSend();
  }

  onError(failure: Failure): string | undefined {
    return this.#limits.onError(failure);
  }
}

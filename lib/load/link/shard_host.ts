// The far side of a link: carries out one share of a plan, as it is told by message, and tells of each second. Who opens
// the shard, and what carries the messages, is given.

import { type Clock, systemClock, type Timer } from "../../core/clock.ts";
import { runtimeInfo } from "../../record/runtime_info.ts";
import { ThreadClock, type ThreadTimes } from "../../record/thread_clock.ts";
import { standingOf } from "../account/engine_counts.ts";
import type { Shard } from "../shard/shard.ts";
import { type ShardSecond, takeSecond } from "../shard/shard_second.ts";
import { countsOf, SharedCounts } from "../shard/shared_counts.ts";
import { clockMs, type FromHost, plainError, type ShardTask, type ToHost } from "./message.ts";

/** How old the counts may be that threads of one process see of each other. */
const PUBLISH_MS = 20;

/** How often a process tells how things stand. */
const TICK_MS = 100;

/** Opens what a task asks for. `counts` are given where it shares memory with others. */
export type OpenShard = (task: ShardTask, counts: SharedCounts | undefined) => Promise<Shard>;

export class ShardHost {
  readonly #open: OpenShard;
  readonly #tell: (message: FromHost) => void;
  readonly #clock: Clock;
  readonly #thread = new ThreadClock();
  /** The thread's times as the load began. */
  #before: ThreadTimes | undefined = undefined;
  #hosted: Hosted | undefined = undefined;
  #standing: Timer | undefined = undefined;
  #nextSecond: Timer | undefined = undefined;

  constructor(open: OpenShard, tell: (message: FromHost) => void, clock: Clock = systemClock) {
    this.#open = open;
    this.#tell = tell;
    this.#clock = clock;
    tell({ kind: "loaded" });
  }

  hear(message: ToHost): void {
    const shard = this.#hosted?.shard;
    switch (message.kind) {
      case "open":
        return void this.#openShard(message.task);
      case "warmUp":
        return void this.#warmUp(this.#hosted!, clockMs(message.at));
      case "start":
        return void this.#run(this.#hosted!, message);
      case "stop":
        return shard?.stop(message.ending);
      case "change":
        return shard?.change(message.change);
      case "inventory":
        return void shard!.inventory(message.settleMs).then((inventory) =>
          this.#tell({ kind: "inventory", inventory })
        );
      case "close":
        return void this.#close();
    }
  }

  async #openShard(task: ShardTask): Promise<void> {
    const counts = task.shared && new SharedCounts(task.share.of, task.shared.counts);
    try {
      const shard = await this.#open(task, counts);
      this.#hosted = { shard, task, counts };
      this.#keepTelling(this.#hosted);
      this.#tell({ kind: "ready", runtime: runtimeInfo(), socket: shard.socket });
    } catch (error) {
      this.#tell({ kind: "problem", problem: plainError(error) });
    }
  }

  async #warmUp(hosted: Hosted, atMs: number | undefined): Promise<void> {
    const { shard } = hosted;
    const early = await shard.warmUp(atMs);
    this.#tellStanding(hosted);
    this.#tell({ kind: "warm", early, offered: shard.warmedUp });
  }

  async #run(hosted: Hosted, { at, early }: ToHost & { kind: "start" }): Promise<void> {
    const { shard, task, counts } = hosted;
    shard.onDispatchEnd = () => this.#tell({ kind: "dispatched", forMs: shard.dispatchedForMs });
    shard.onSecond = () => shard.endSecond(() => this.#tell({ kind: "second", second: this.#take(hosted) }));
    this.#before = this.#thread.read();
    shard.start(early, clockMs(at));
    this.#awaitSecond(hosted);
    const ending = await shard.ended;
    this.#nextSecond?.clear();
    shard.conclude();
    counts?.publish(task.share.index, shard.account, shard.counts);
    this.#tell({ kind: "ended", ending, second: this.#take(hosted), forMs: shard.dispatchedForMs });
    const cooled = shard.cooledDown();
    if (cooled !== undefined) this.#tell({ kind: "cooled", offered: await cooled });
  }

  /** A line of the series is a second of the schedule, in every shard the same: it ends though nothing is due then. */
  #awaitSecond(hosted: Hosted): void {
    const { shard } = hosted;
    const elapsedMs = Math.max(0, shard.elapsedMs());
    const endMs = (Math.floor(elapsedMs / 1000) + 1) * 1000;
    this.#nextSecond = this.#clock.setTimer(endMs - shard.elapsedMs(), () => {
      shard.dispatchDue();
      this.#awaitSecond(hosted);
    });
  }

  #take({ shard, task }: Hosted): ShardSecond {
    const now = this.#thread.read();
    const before = this.#before;
    const thread = now && before && {
      cpuUs: now.cpuUs - before.cpuUs,
      runnableUs: shard.runnableUs ?? now.runnableUs - before.runnableUs,
    };
    return takeSecond(shard, task.plan.requests.length, thread, task.shared === undefined ? shard.sample() : undefined);
  }

  #keepTelling(hosted: Hosted): void {
    this.#tellStanding(hosted);
    const everyMs = hosted.counts === undefined ? TICK_MS : PUBLISH_MS;
    this.#standing = this.#clock.setTimer(everyMs, () => this.#keepTelling(hosted), false);
  }

  #tellStanding({ shard, task, counts }: Hosted): void {
    if (counts !== undefined) counts.publish(task.share.index, shard.requests, shard.counts);
    else {
      const now = { requests: countsOf(shard.requests), counts: standingOf(shard.counts) };
      this.#tell({ kind: "tick", ...now, process: shard.sample() });
    }
  }

  async #close(): Promise<void> {
    this.#standing?.clear();
    this.#nextSecond?.clear();
    await this.#hosted?.shard.close();
    this.#thread.close();
    this.#tell({ kind: "closed" });
  }
}

interface Hosted {
  readonly shard: Shard;
  readonly task: ShardTask;
  /** Undefined: it shares no memory. */
  readonly counts: SharedCounts | undefined;
}

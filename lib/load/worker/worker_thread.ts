// The program of a worker thread: the host of a shard that shares its process with others.

import { parentPort } from "node:worker_threads";
import type { Failure } from "../driver/attempt.ts";
import type { EngineCounts } from "../driver/driver.ts";
import { limitsOf, type StopRule } from "../generator/stop_rule.ts";
import type { ShardTask } from "../link/message.ts";
import { ShardHost } from "../link/shard_host.ts";
import type { Neighbours } from "../shard/neighbours.ts";
import type { SharedCounts } from "../shard/shared_counts.ts";
import { ThreadShard } from "../shard/thread_shard.ts";

const port = parentPort!;
const host = new ShardHost(
  (task, counts) => ThreadShard.open(task.plan, task.inputs, task.steered, neighboursOf(task, counts!)),
  (message) => port.postMessage(message),
);
port.on("message", (message) => host.hear(message));

function neighboursOf({ share, shared }: ShardTask, all: SharedCounts): Neighbours {
  return {
    share,
    ownsProcess: false,
    limits: (engine) => {
      const elsewhere = { threads: share.of - 1, sockets: () => all.socketsBeside(share.index) };
      const limits = limitsOf(engine, shared!.descriptors, elsewhere);
      return new PublishedLimits(share.index, engine.counts, all, limits);
    },
  };
}

/** Lets the other threads know, before each request, how many descriptors this one has taken. */
class PublishedLimits implements StopRule {
  readonly #worker: number;
  readonly #counts: Readonly<EngineCounts>;
  readonly #shared: SharedCounts;
  readonly #limits: StopRule;

  constructor(worker: number, counts: Readonly<EngineCounts>, shared: SharedCounts, limits: StopRule) {
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

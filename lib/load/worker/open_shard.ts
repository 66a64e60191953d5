import type { Plan } from "../../scenario/plan.ts";
import { type Share, WHOLE } from "../../scenario/resolve/share.ts";
import type { OpenLink } from "../link/link.ts";
import { LinkedShards } from "../link/linked_shards.ts";
import type { RunInputs } from "../run_inputs.ts";
import type { Shard } from "../shard/shard.ts";
import { ALONE } from "../shard/neighbours.ts";
import { ThreadShard } from "../shard/thread_shard.ts";
import { ThreadLink } from "./thread_link.ts";

/**
 * Opens what carries out a plan in this process, or one share of it: in this thread, or, of a whole plan, in as many
 * workers as it says. Throws as `load` does.
 */
export function openShard(plan: Plan, inputs: RunInputs, steered: boolean, share: Share = WHOLE): Promise<Shard> {
  const { workers } = plan.load;
  if (workers === 1) return ThreadShard.open(plan, inputs, steered, { ...ALONE, share });
  const toThread: OpenLink = (listener) => new ThreadLink(listener);
  const shared = { ...inputs, timestampsMs: inSharedMemory(inputs.timestampsMs) };
  return LinkedShards.open(plan, shared, steered, { links: Array(workers).fill(toThread), threads: true });
}

/** Once for all threads: a file of instants may be large. */
function inSharedMemory(instants: ArrayLike<number> | undefined): Float64Array | undefined {
  if (instants === undefined) return undefined;
  const shared = new Float64Array(new SharedArrayBuffer(instants.length * Float64Array.BYTES_PER_ELEMENT));
  shared.set(instants);
  return shared;
}

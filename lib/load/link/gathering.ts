// One inventory from each of several shards, as one.

import type { Census } from "../../transport/census.ts";
import type { Inventory, SocketCount } from "../measurement.ts";
import { addedCensuses } from "../shard/merged_account.ts";
import { Barrier } from "./barrier.ts";
import { addedUp } from "./merged_seconds.ts";
import type { ShardReport } from "./shard_report.ts";

export class Gathering {
  readonly #barrier: Barrier;
  readonly #inventories: Inventory[] = [];

  constructor(reports: readonly ShardReport[]) {
    this.#barrier = new Barrier(reports.length);
    reports.forEach(({ dead }, party) => {
      if (dead) this.leaveOut(party);
    });
  }

  tell(party: number, inventory: Inventory): void {
    this.#inventories.push(inventory);
    this.#barrier.arrive(party);
  }

  /** That one is dead: it has nothing open. */
  leaveOut(party: number): void {
    this.#barrier.arrive(party);
  }

  /** Resolves when each has told its own, or is dead. */
  async sum(): Promise<Inventory> {
    await this.#barrier.passed;
    const all = this.#inventories;
    return {
      durationMs: Math.max(0, ...all.map(({ durationMs }) => durationMs)),
      census: addedCensuses(all.map(({ census }): Census => census)),
      heldByRequest: addedLists(all.map(({ heldByRequest }) => heldByRequest)),
      process: addedUp(all.map(({ process }) => process)),
      sockets: addedSockets(all.map(({ sockets }) => sockets)),
    };
  }
}

function addedLists(lists: readonly (readonly number[])[]): number[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) => lists.reduce((sum, list) => sum + (list[place] ?? 0), 0));
}

function addedSockets(all: readonly (SocketCount | undefined)[]): SocketCount | undefined {
  const told = all.filter((count) => count !== undefined);
  if (told.length === 0) return undefined;
  const sum = (field: keyof SocketCount) => told.reduce((sum, count) => sum + (count[field] ?? 0), 0);
  const kernel = sum("kernel");
  return told.every(({ live }) => live !== undefined)
    ? { kernel, live: sum("live"), dialing: sum("dialing") }
    : { kernel };
}

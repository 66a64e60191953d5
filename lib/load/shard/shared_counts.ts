// The counts of this moment, for those who look while a load runs. No account rests on them.

import type { RequestCounts } from "../account/account.ts";
import { type EngineCounts, standingOf } from "../account/engine_counts.ts";

const FIELDS = [
  "offered",
  "completed",
  "failed",
  "inFlight",
  "unsent",
  "dialing",
  "inUse",
  "idle",
  "waiting",
  "heldBodies",
] as const;

type Field = (typeof FIELDS)[number];

/**
 * The live counts of several shards. Threads write each its own, in memory that they share with the run, which reads their
 * sums; for a shard elsewhere the run writes what it is told. They are for those who look while a load runs; what a
 * second's account holds comes by message. A count is a float of 64 bits, which no machine that runs this writes in two
 * halves.
 */
export class SharedCounts {
  readonly buffer: SharedArrayBuffer;
  readonly shards: number;
  readonly #cells: Float64Array;
  /** Connections and dials alone, written before each request: the descriptors are the process's. */
  readonly #sockets: Float64Array;

  constructor(shards: number, buffer: SharedArrayBuffer = new SharedArrayBuffer(shards * (FIELDS.length + 1) * 8)) {
    this.buffer = buffer;
    this.shards = shards;
    this.#cells = new Float64Array(buffer, 0, shards * FIELDS.length);
    this.#sockets = new Float64Array(buffer, this.#cells.byteLength, shards);
  }

  publish(shard: number, requests: RequestCounts, counts: Readonly<EngineCounts>): void {
    const all = { ...countsOf(requests), ...standingOf(counts) };
    FIELDS.forEach((field, place) => this.#cells[shard * FIELDS.length + place] = all[field]);
    this.publishSockets(shard, counts);
  }

  publishSockets(shard: number, { dialing, inUse, idle }: Readonly<EngineCounts>): void {
    this.#sockets[shard] = dialing + inUse + idle;
  }

  /** Those of all others. */
  socketsBeside(shard: number): number {
    let sum = 0;
    for (let other = 0; other < this.shards; other++) if (other !== shard) sum += this.#sockets[other]!;
    return sum;
  }

  sum(field: Field): number {
    const place = FIELDS.indexOf(field);
    let sum = 0;
    for (let shard = 0; shard < this.shards; shard++) sum += this.#cells[shard * FIELDS.length + place]!;
    return sum;
  }

  /** The shard is gone, and its connections with it. */
  dropConnections(shard: number): void {
    const { offered, completed, failed, inFlight, unsent } = this.#of(shard);
    const none = { dialing: 0, inUse: 0, idle: 0, waiting: 0, heldBodies: 0 };
    this.publish(shard, { offered, completed, failed, inFlight, unsent }, none);
  }

  #of(shard: number): Record<Field, number> {
    const entries = FIELDS.map((field, place) => [field, this.#cells[shard * FIELDS.length + place]!]);
    return Object.fromEntries(entries) as Record<Field, number>;
  }
}

/** The sums, each worked out when it is asked for. */
export class SummedCounts implements RequestCounts, EngineCounts {
  readonly #shared: SharedCounts;

  constructor(shared: SharedCounts) {
    this.#shared = shared;
  }

  get offered(): number {
    return this.#shared.sum("offered");
  }

  get completed(): number {
    return this.#shared.sum("completed");
  }

  get failed(): number {
    return this.#shared.sum("failed");
  }

  get inFlight(): number {
    return this.#shared.sum("inFlight");
  }

  get unsent(): number {
    return this.#shared.sum("unsent");
  }

  get dialing(): number {
    return this.#shared.sum("dialing");
  }

  get inUse(): number {
    return this.#shared.sum("inUse");
  }

  get idle(): number {
    return this.#shared.sum("idle");
  }

  get waiting(): number {
    return this.#shared.sum("waiting");
  }

  get heldBodies(): number {
    return this.#shared.sum("heldBodies");
  }
}

/** The counts alone, of an account that holds more. */
export function countsOf({ offered, completed, failed, inFlight, unsent }: RequestCounts): RequestCounts {
  return { offered, completed, failed, inFlight, unsent };
}

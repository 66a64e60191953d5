import type { Counts } from "../../transport/census.ts";
import type { RequestCounts } from "../account/account.ts";

const FIELDS = ["offered", "completed", "failed", "inFlight", "unsent", "dialing", "inUse", "idle", "waiting"] as const;

type Field = (typeof FIELDS)[number];

/**
 * The live counts of several threads, in memory that they share: each writes its own, the main thread reads their sums.
 * They are for those who look while a load runs; what a second's account holds comes by message. A count is a float of
 * 64 bits, which no machine that runs this writes in two halves.
 */
export class SharedCounts {
  readonly buffer: SharedArrayBuffer;
  readonly workers: number;
  readonly #cells: Float64Array;
  /** Connections and dials alone, written before each request: the descriptors are the process's. */
  readonly #sockets: Float64Array;

  constructor(workers: number, buffer: SharedArrayBuffer = new SharedArrayBuffer(workers * (FIELDS.length + 1) * 8)) {
    this.buffer = buffer;
    this.workers = workers;
    this.#cells = new Float64Array(buffer, 0, workers * FIELDS.length);
    this.#sockets = new Float64Array(buffer, this.#cells.byteLength, workers);
  }

  publish(worker: number, requests: RequestCounts, counts: Readonly<Counts>): void {
    const all = { ...countsOf(requests), ...counts };
    FIELDS.forEach((field, place) => this.#cells[worker * FIELDS.length + place] = all[field]);
    this.publishSockets(worker, counts);
  }

  publishSockets(worker: number, { dialing, inUse, idle }: Readonly<Counts>): void {
    this.#sockets[worker] = dialing + inUse + idle;
  }

  /** Those of all other threads. */
  socketsBeside(worker: number): number {
    let sum = 0;
    for (let other = 0; other < this.workers; other++) if (other !== worker) sum += this.#sockets[other]!;
    return sum;
  }

  sum(field: Field): number {
    const place = FIELDS.indexOf(field);
    let sum = 0;
    for (let worker = 0; worker < this.workers; worker++) sum += this.#cells[worker * FIELDS.length + place]!;
    return sum;
  }

  /** The thread is gone, and its connections with it. */
  dropConnections(worker: number): void {
    const { offered, completed, failed, inFlight, unsent } = this.#of(worker);
    const none = { dialing: 0, inUse: 0, idle: 0, waiting: 0 };
    this.publish(worker, { offered, completed, failed, inFlight, unsent }, none);
  }

  #of(worker: number): Record<Field, number> {
    const entries = FIELDS.map((field, place) => [field, this.#cells[worker * FIELDS.length + place]!]);
    return Object.fromEntries(entries) as Record<Field, number>;
  }
}

/** The sums, each worked out when it is asked for. */
export class SummedCounts implements RequestCounts, Counts {
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
}

/** The counts alone, of an account that holds more. */
export function countsOf({ offered, completed, failed, inFlight, unsent }: RequestCounts): RequestCounts {
  return { offered, completed, failed, inFlight, unsent };
}

// What the pool keeps for one key, after the maps of Go's `Transport` that its `connectMethodKey` is the key of.

import { Fifo } from "../../core/fifo.ts";
import { LinkedList } from "../../core/linked_list.ts";
import type { Route } from "../request/route.ts";
import type { Waiter } from "./waiter.ts";

/** What the pool keeps for one pool key: its connections by where they stand, and who waits for one. Only the pool writes here. */
export class HostPool<Entry> {
  readonly route: Route;
  /** The newest is taken first. */
  readonly idle: LinkedList<Entry> = new LinkedList();
  /** Those in use that have room for another request, as far as is known. */
  readonly roomy: LinkedList<Entry> = new LinkedList();
  /** Requests that an idle connection would serve. */
  readonly waiters: Fifo<Waiter> = new Fifo();
  /** Those of them that `maxConnsPerHost` keeps from dialing. */
  readonly dialQueue: Fifo<Waiter> = new Fifo();
  /** Dialing, in use and idle: what `maxConnsPerHost` counts. */
  connections = 0;

  constructor(route: Route) {
    this.route = route;
  }

  /** No request waits here: the settled ones in front of the queues go, and none is behind them. */
  isUnwanted(): boolean {
    HostPool.#trim(this.waiters);
    HostPool.#trim(this.dialQueue);
    return this.waiters.size === 0;
  }

  /** The oldest waiter that is still unserved, taken out of its queue. */
  static shiftLive(queue: Fifo<Waiter>): Waiter | undefined {
    let waiter = queue.shift();
    while (waiter !== undefined && waiter.settled) waiter = queue.shift();
    return waiter;
  }

  /** The oldest waiter that is still unserved, left in its place. */
  static peekLive(queue: Fifo<Waiter>): Waiter | undefined {
    HostPool.#trim(queue);
    return queue.peek();
  }

  /** Adds a waiter behind those unserved; the settled ones in front go, so that a queue of cancelled ones stays short (Go, `cleanFrontNotWaiting`). */
  static enqueue(queue: Fifo<Waiter>, waiter: Waiter): void {
    HostPool.#trim(queue);
    queue.push(waiter);
  }

  static #trim(queue: Fifo<Waiter>): void {
    while (queue.peek()?.settled) queue.shift();
  }
}

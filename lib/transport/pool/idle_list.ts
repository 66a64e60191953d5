// The idle connections of a pool: each in its host's list and in the one of all. What is idle for too long, or one too
// many of all, is closed; what is idle for more than a moment keeps no process alive.

import type { Timer } from "../../core/clock.ts";
import { LinkedList } from "../../core/linked_list.ts";
import type { Settings } from "../options/options.ts";
import { type Entry, IdlePlace } from "./entry.ts";
import type { HostPool } from "./host_pool.ts";

/** Idle connections are kept from holding the process this long after the first of them became idle. */
const SLEEP_AFTER_MS = 50;

export class IdleList {
  readonly #settings: Settings;
  /** By the time they became idle. */
  readonly #byAge: LinkedList<Entry> = new LinkedList();
  #timer: Timer | undefined = undefined;
  #sleepTimer: Timer | undefined = undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Adds one as the newest; over `maxIdleConns` the oldest is closed. `timed`: somebody may want to know how long it is idle. */
  add(entry: Entry, timed: boolean): void {
    const { maxIdleConns, idleConnTimeoutMs, clock } = this.#settings;
    const place = entry.idle ??= new IdlePlace(entry);
    place.sinceMs = timed || idleConnTimeoutMs > 0 ? clock.nowMs() : 0;
    entry.host.idle.add(place.inHost);
    this.#byAge.add(place.byAge);
    if (this.#byAge.size > maxIdleConns) this.#byAge.oldest!.item.connection.discard("maxIdleConns");
    if (idleConnTimeoutMs > 0 && this.#timer === undefined) this.#armTimer(idleConnTimeoutMs);
    if (this.#sleepTimer === undefined) this.#armSleepTimer();
  }

  /** Takes one out. */
  remove(entry: Entry): void {
    const { inHost, byAge } = entry.idle!;
    entry.host.idle.remove(inHost);
    this.#byAge.remove(byAge);
  }

  /** Undoes what being idle for long did to one that is taken out for a request. */
  wake({ idle, connection }: Entry): void {
    if (!idle!.asleep) return;
    idle!.asleep = false;
    connection.wake();
  }

  /** The host's newest, left in its place; one past the idle timeout is closed instead, should its timer be late. */
  newestOf(host: HostPool<Entry>): Entry | undefined {
    const { idleConnTimeoutMs, clock } = this.#settings;
    for (let link = host.idle.newest; link !== undefined; link = host.idle.newest) {
      const { connection, idle } = link.item;
      if (idleConnTimeoutMs === 0 || clock.nowMs() - idle!.sinceMs < idleConnTimeoutMs) return link.item;
      connection.discard("idleTimeout");
    }
    return undefined;
  }

  /** Closes them all, for a reason that the census shows. */
  discardAll(reason: string): void {
    while (this.#byAge.oldest !== undefined) this.#byAge.oldest.item.connection.discard(reason);
  }

  /** Looks after none of them any more. */
  stop(): void {
    this.#timer?.clear();
    this.#sleepTimer?.clear();
  }

  /** One timer for all: it wakes when the oldest is due, and keeps no process alive. */
  #armTimer(delayMs: number): void {
    this.#timer = this.#settings.clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      const { idleConnTimeoutMs, clock } = this.#settings;
      const dueMs = clock.nowMs() - idleConnTimeoutMs;
      for (let link = this.#byAge.oldest; link !== undefined; link = this.#byAge.oldest) {
        const { connection, idle } = link.item;
        if (idle!.sinceMs > dueMs) {
          this.#armTimer(Math.max(1, idle!.sinceMs - dueMs));
          return;
        }
        connection.discard("idleTimeout");
      }
    }, false);
  }

  /** Sleep takes two calls to the runtime, so those idle for a moment are spared. */
  #armSleepTimer(): void {
    this.#sleepTimer = this.#settings.clock.setTimer(SLEEP_AFTER_MS, () => {
      this.#sleepTimer = undefined;
      for (let link = this.#byAge.newest; link !== undefined; link = link.older) {
        const { connection, idle } = link.item;
        if (idle!.asleep) return; // and so are all older ones
        idle!.asleep = true;
        connection.sleep();
      }
    });
  }
}

// The idle connections of a pool: each in its host's list and in the one of all, but for the newest, which waits for the
// next request outside of them and joins them when another becomes idle or a timer looks. What is idle for too long, or
// one too many of all, is closed; what is idle for more than a moment keeps no process alive.

import type { Timer } from "../../core/clock.ts";
import { LinkedList } from "../../core/linked_list.ts";
import type { CloseReason } from "../close_reason.ts";
import type { Settings } from "../options/options.ts";
import { type Entry, IdleLinks } from "./entry.ts";
import type { HostPool } from "./host_pool.ts";

/** Idle connections are kept from holding the process this long after the first of them became idle. */
const SLEEP_AFTER_MS = 50;

export class IdleList {
  readonly #settings: Settings;
  /** By the time they became idle. */
  readonly #byAge: LinkedList<Entry> = new LinkedList();
  /** The newest of all, which is in no list yet: in most cases the next request takes it from here. */
  #newest: Entry | undefined = undefined;
  /** When the newest became idle is still to be taken down: a reading of the clock costs as much as all else here together. */
  #untimed = false;
  #timer: Timer | undefined = undefined;
  #sleepTimer: Timer | undefined = undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** How many of this host are idle. */
  countOf(host: HostPool<Entry>): number {
    return host.idle.size + (this.#newest?.host === host ? 1 : 0);
  }

  /**
   * Adds one as the newest; over `maxIdleConns` the oldest is closed. `timed`: somebody may want to know how long it is
   * idle. `telling`: whoever may want it at once is being told, and `told` follows.
   */
  add(entry: Entry, timed: boolean, telling: boolean): void {
    const { maxIdleConns, idleConnTimeoutMs } = this.#settings;
    if (this.#newest !== undefined) this.#list(this.#newest);
    this.#newest = entry;
    entry.idleSinceMs = 0;
    this.#untimed = timed || idleConnTimeoutMs > 0;
    if (timed || !telling) this.told();
    if (this.#byAge.size >= maxIdleConns) this.#oldest!.connection.discard("maxIdleConns");
    if (idleConnTimeoutMs > 0 && this.#timer === undefined) this.#armTimer(idleConnTimeoutMs);
    if (this.#sleepTimer === undefined) this.#armSleepTimer();
  }

  /** Nobody wanted the newest at once: it is idle from now on. */
  told(): void {
    if (!this.#untimed) return;
    this.#untimed = false;
    this.#newest!.idleSinceMs = this.#settings.clock.nowMs();
  }

  /** Takes one out. */
  remove(entry: Entry): void {
    if (entry === this.#newest) {
      this.#newest = undefined;
      this.#untimed = false;
      return;
    }
    const { inHost, byAge } = entry.idle!;
    entry.host.idle.remove(inHost);
    this.#byAge.remove(byAge);
  }

  /** Undoes what being idle for long did to one that is taken out for a request. */
  wake({ idle, connection }: Entry): void {
    if (idle?.asleep !== true) return;
    idle.asleep = false;
    connection.wake();
  }

  /** The host's newest, left in its place; one past the idle timeout is closed instead, should its timer be late. */
  newestOf(host: HostPool<Entry>): Entry | undefined {
    const { idleConnTimeoutMs, clock } = this.#settings;
    for (;;) {
      const entry = this.#newest?.host === host ? this.#newest : host.idle.newest?.item;
      if (entry === undefined || idleConnTimeoutMs === 0 || (this.#untimed && entry === this.#newest)) return entry;
      if (clock.nowMs() - entry.idleSinceMs < idleConnTimeoutMs) return entry;
      entry.connection.discard("idleTimeout");
    }
  }

  /** Closes them all, for a reason that the census shows. */
  discardAll(reason: CloseReason): void {
    for (let entry = this.#oldest; entry !== undefined; entry = this.#oldest) entry.connection.discard(reason);
  }

  /** Looks after none of them any more. */
  stop(): void {
    this.#timer?.clear();
    this.#sleepTimer?.clear();
  }

  get #oldest(): Entry | undefined {
    return this.#byAge.oldest?.item ?? this.#newest;
  }

  /** Puts the newest into the lists. */
  #list(entry: Entry): void {
    this.told();
    this.#newest = undefined;
    const { inHost, byAge } = entry.idle ??= new IdleLinks(entry);
    entry.host.idle.add(inHost);
    this.#byAge.add(byAge);
  }

  /** One timer for all: it wakes when the oldest is due, and keeps no process alive. */
  #armTimer(delayMs: number): void {
    this.#timer = this.#settings.clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      if (this.#newest !== undefined) this.#list(this.#newest);
      const { idleConnTimeoutMs, clock } = this.#settings;
      const dueMs = clock.nowMs() - idleConnTimeoutMs;
      for (let link = this.#byAge.oldest; link !== undefined; link = this.#byAge.oldest) {
        const { connection, idleSinceMs } = link.item;
        if (idleSinceMs > dueMs) {
          this.#armTimer(Math.max(1, idleSinceMs - dueMs));
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
      if (this.#newest !== undefined) this.#list(this.#newest);
      for (let link = this.#byAge.newest; link !== undefined; link = link.older) {
        const { connection, idle } = link.item;
        if (idle!.asleep) return; // and so are all older ones
        idle!.asleep = true;
        connection.sleep();
      }
    });
  }
}

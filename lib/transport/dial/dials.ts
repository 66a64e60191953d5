// The dials under way, and the one timer for all of them, since all have the same limit: a dial that has not connected in
// time is given up. A dial's socket keeps the process alive, not this timer.

import type { Timer } from "../../core/clock.ts";
import { LinkedList } from "../../core/linked_list.ts";
import type { Settings } from "../options/options.ts";
import type { Dial } from "./dial.ts";

export class Dials<Ticket> {
  readonly #settings: Settings;
  readonly #running: LinkedList<Dial<Ticket>> = new LinkedList();
  #timer: Timer | undefined = undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  start(dial: Dial<Ticket>): void {
    this.#running.add(dial.link);
    if (this.#timer === undefined) this.#arm(this.#settings.dialTimeoutMs);
    dial.start();
  }

  /** False: it was taken out before, by a hook that the dial called on its way. */
  delete(dial: Dial<Ticket>): boolean {
    if (!dial.link.listed) return false;
    this.#running.remove(dial.link);
    return true;
  }

  /** As they are now, oldest first: what starts or ends meanwhile makes no difference. */
  all(): Dial<Ticket>[] {
    const dials: Dial<Ticket>[] = [];
    for (let link = this.#running.oldest; link !== undefined; link = link.newer) dials.push(link.item);
    return dials;
  }

  /** No dial is given up any more. */
  stop(): void {
    this.#timer?.clear();
  }

  #arm(delayMs: number): void {
    const { clock, dialTimeoutMs } = this.#settings;
    if (dialTimeoutMs === 0) return;
    this.#timer = clock.setTimer(delayMs, () => {
      const dueMs = clock.nowMs() - dialTimeoutMs;
      let next = this.#oldestConnecting();
      while (next !== undefined && next.startedMs <= dueMs) {
        next.timeOut(); // whoever dials anew meanwhile finds the timer armed, and is `next` at the latest
        next = this.#oldestConnecting();
      }
      this.#timer = undefined;
      if (next !== undefined) this.#arm(Math.max(1, next.startedMs - dueMs));
    }, false);
  }

  /** The one whose time limit is the next. */
  #oldestConnecting(): Dial<Ticket> | undefined {
    let link = this.#running.oldest;
    while (link !== undefined && !link.item.connecting) link = link.newer;
    return link?.item;
  }
}

// The dials under way, and the one timer for all of them, since all have the same limit: a dial that has not connected in
// time is given up. A dial's socket keeps the process alive, not this timer.

import type { Timer } from "../../core/clock.ts";
import type { Settings } from "../options/options.ts";
import type { Dial } from "./dial.ts";

export class Dials<Ticket> {
  readonly #settings: Settings;
  /** Oldest first. */
  readonly #running: Set<Dial<Ticket>> = new Set();
  #timer: Timer | undefined = undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  start(dial: Dial<Ticket>): void {
    this.#running.add(dial);
    if (this.#timer === undefined) this.#arm(this.#settings.dialTimeoutMs);
    dial.start();
  }

  /** False: it was taken out before, by a hook that the dial called on its way. */
  delete(dial: Dial<Ticket>): boolean {
    return this.#running.delete(dial);
  }

  /** As they are now: what starts or ends meanwhile makes no difference. */
  all(): Dial<Ticket>[] {
    return [...this.#running];
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
      let next: Dial<Ticket> | undefined;
      for (const dial of this.#running) {
        if (!dial.connecting) continue;
        if (dial.startedMs > dueMs) {
          next = dial;
          break;
        }
        dial.timeOut(); // whoever dials anew meanwhile finds the timer armed, and is `next` at the latest
      }
      this.#timer = undefined;
      if (next !== undefined) this.#arm(Math.max(1, next.startedMs - dueMs));
    }, false);
  }
}

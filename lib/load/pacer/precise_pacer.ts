// Two steps to an instant. First a thread sleeps until a little before it: to the µs, and at the price of two thread
// switches. The rest passes turn by turn of the event loop, which serves its sockets meanwhile. An instant nearer than
// the lead needs no thread: so a high rate spins, and a low one spins for some µs of each request.

import type { Clock, Timer } from "../../core/clock.ts";
import type { Pacer } from "./pacer.ts";
import type { TickerThread } from "./ticker_thread.ts";

/** From an ask to its tick pass 50 to 100 µs more than were asked for. README.md has the figures. */
const FIRST_LEAD_MS = 0.06;

/** On a busy machine ticks are late by more; spinning longer for them would cost what the thread saves. */
const MOST_LEAD_MS = 0.1;

/** Up by three after a late tick, down by one after an early one: it settles where three of four ticks are early. */
const LEAD_STEP_MS = 0.001;

/** To read it takes time and nothing else, and no compiler leaves it out. */
const NOTHING = new Int32Array(new SharedArrayBuffer(4));

/** Some µs late while the machine has a core to spare. */
export class PrecisePacer implements Pacer {
  readonly #clock: Clock;
  readonly #ticker: TickerThread;
  readonly #pauses: number;
  #leadMs = FIRST_LEAD_MS;
  #dueMs = 0;
  /** A turn of the event loop is to come. */
  #turning = false;
  #timer: Timer | undefined = undefined;
  #callback: (() => void) | undefined = undefined;

  /** The ticker is the pacer's from here on. `pauses`: what a turn of the event loop is drawn out by, 6 ns each. */
  constructor(clock: Clock, ticker: TickerThread, pauses: number) {
    this.#clock = clock;
    this.#ticker = ticker;
    this.#pauses = pauses;
  }

  wakeAt(dueMs: number, callback: () => void): void {
    this.#dueMs = dueMs;
    this.#callback = callback;
    this.#approach(dueMs - this.#clock.nowMs());
  }

  cancel(): void {
    this.#callback = undefined;
    this.#timer?.clear();
  }

  stop(): void {
    this.cancel();
    this.#ticker.stop();
  }

  #approach(leftMs: number): void {
    if (leftMs <= this.#leadMs) {
      if (this.#turning) return;
      this.#turning = true;
      setImmediate(this.#turned);
      return;
    }
    this.#timer?.clear();
    this.#timer = undefined;
    // a tick that was asked for before `cancel` is still to come
    if (this.#ticker.alive && !this.#ticker.busy) this.#ticker.wakeIn(leftMs - this.#leadMs, this.#ticked);
    else this.#timer = this.#clock.setTimer(leftMs, this.#look);
  }

  // bound once, not at each wake-up

  readonly #ticked = (): void => {
    const early = this.#clock.nowMs() < this.#dueMs;
    const leadMs = this.#leadMs + (early ? -LEAD_STEP_MS : 3 * LEAD_STEP_MS);
    this.#leadMs = Math.min(Math.max(leadMs, 0), MOST_LEAD_MS);
    this.#look();
  };

  readonly #turned = (): void => {
    this.#turning = false;
    this.#look();
  };

  readonly #look = (): void => {
    const callback = this.#callback;
    if (callback === undefined) return; // cancelled
    for (let i = 0; i < this.#pauses; i++) Atomics.load(NOTHING, 0);
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#dueMs) {
      this.#approach(this.#dueMs - nowMs);
      return;
    }
    this.#callback = undefined;
    callback();
  };
}

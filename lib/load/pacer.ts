import type { Clock, Timer } from "../core/clock.ts";
import { runtimeInfo } from "../record/runtime_info.ts";
import type { Pacing } from "../scenario/plan.ts";
import { PrecisePacer } from "./precise_pacer.ts";
import { TickerThread } from "./ticker_thread.ts";

/** Wakes the generator when its next request is due. */
export interface Pacer {
  /** Calls back once, when the clock is past `dueMs` or as soon after as it can; never from within. One at a time. */
  wakeAt(dueMs: number, callback: () => void): void;
  /** Nobody is called back any more. */
  stop(): void;
}

/** A timer: 0.5 to 1 ms late on Node and Bun, up to 2 ms on Deno, and next to no CPU. */
export class EconomyPacer implements Pacer {
  readonly #clock: Clock;
  #timer: Timer | undefined = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wakeAt(dueMs: number, callback: () => void): void {
    this.#timer = this.#clock.setTimer(Math.max(0, dueMs - this.#clock.nowMs()), callback);
  }

  stop(): void {
    this.#timer?.clear();
  }
}

/**
 * A pacer that is ready to pace: a thread takes some 30 ms to start, and a run's first request is due at once. Where no
 * thread can be had, "precise" is a timer too; the recorded lag shows it.
 */
export async function startPacer(pacing: Pacing, clock: Clock): Promise<Pacer> {
  const ticker = pacing === "precise" ? await TickerThread.start() : undefined;
  if (ticker === undefined) return new EconomyPacer(clock);
  return new PrecisePacer(clock, ticker, runtimeInfo().name !== "deno");
}

import type { Clock } from "../core/clock.ts";
import type { Pacer } from "./pacer.ts";
import type { TickerThread } from "./ticker_thread.ts";

const FIRST_LEAD_MS = 0.06;
const MOST_LEAD_MS = 0.1;
const LATER_MS = 0.001;
const EARLIER_MS = 0.003;
const VARIANT = process.env["VARIANT"] ?? "";

export class PrecisePacer implements Pacer {
  readonly #clock: Clock;
  readonly #ticker: TickerThread;
  readonly #immediates: boolean;
  #leadMs = FIRST_LEAD_MS;
  #dueMs = 0;
  #callback: (() => void) | undefined = undefined;

  constructor(clock: Clock, ticker: TickerThread, immediates: boolean) {
    this.#clock = clock;
    this.#ticker = ticker;
    this.#immediates = VARIANT === "" ? immediates : VARIANT === "i";
  }

  wakeAt(dueMs: number, callback: () => void): void {
    this.#dueMs = dueMs;
    this.#callback = callback;
    this.#approach();
  }

  stop(): void {
    this.#callback = undefined;
    this.#ticker.stop();
  }

  #approach(): void {
    const leftMs = this.#dueMs - this.#clock.nowMs();
    if (leftMs <= (this.#immediates ? this.#leadMs : 0)) setImmediate(this.#turn);
    else this.#ticker.wakeIn(Math.max(0, leftMs - this.#leadMs), this.#ticked);
  }

  readonly #ticked = (): void => {
    const leftMs = this.#dueMs - this.#clock.nowMs();
    this.#leadMs = leftMs > 0 ? Math.max(0, this.#leadMs - LATER_MS) : Math.min(MOST_LEAD_MS, this.#leadMs + EARLIER_MS);
    if (!this.#immediates && leftMs <= MOST_LEAD_MS) while (this.#clock.nowMs() < this.#dueMs);
    this.#turn();
  };

  readonly #turn = (): void => {
    const callback = this.#callback;
    if (callback === undefined) return;
    if (this.#clock.nowMs() < this.#dueMs) {
      this.#approach();
      return;
    }
    this.#callback = undefined;
    callback();
  };
}

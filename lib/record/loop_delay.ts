// How late the event loop runs: measured by a timer, and summed up over a span.

import type { Histogram } from "hdr-histogram-js";
import type { Clock, Timer } from "../core/clock.ts";
import { eachCount } from "./each_count.ts";
import { LatencyRecorder } from "./latency_recorder.ts";

const INTERVAL_MS = 10;

/**
 * How late the event loop runs, measured by a 10 ms timer of our own: `monitorEventLoopDelay` is wrong on Deno.
 * Records in µs how late such timers fired, or would have fired had one been due every 10 ms: a stall counts for as long
 * as it lasts, not as one late timer among many. Timers themselves are 1–2 ms coarse.
 */
export class LoopDelay {
  readonly recorder: LatencyRecorder = new LatencyRecorder();
  readonly #clock: Clock;
  #timer: Timer | undefined = undefined;
  #dueMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    this.#dueMs = this.#clock.nowMs() + INTERVAL_MS;
    this.#timer = this.#clock.setTimer(INTERVAL_MS, () => {
      let lateMs = this.#clock.nowMs() - this.#dueMs;
      do this.recorder.recordMs(lateMs); while ((lateMs -= INTERVAL_MS) >= 0);
      this.start();
    });
  }

  stop(): void {
    this.#timer?.clear();
  }
}

/** The percentage of a span during which the event loop was late, from what was recorded in it. */
export function latePercentOf(histogram: Histogram, lengthMs: number): number {
  return lengthMs > 0 ? lateUsOf(histogram) / (lengthMs * 10) : 0;
}

/** For how long the event loop was late, in µs. */
export function lateUsOf(histogram: Histogram): number {
  let lateUs = 0;
  eachCount(histogram, (value, count) => {
    lateUs += count * Math.min(value, INTERVAL_MS * 1000); // what is beyond was recorded as well
  });
  return lateUs;
}

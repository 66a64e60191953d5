import type { Clock, Timer } from "../core/clock.ts";
import type { Histogram } from "hdr-histogram-js";
import { LatencyRecorder } from "./latency_recorder.ts";

const INTERVAL_MS = 10;

/**
 * How late the event loop runs, measured by a 10 ms timer of our own: `monitorEventLoopDelay` is wrong on Deno.
 * Records the lateness of each wake in µs; timers themselves are 1–2 ms coarse.
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
      this.recorder.recordMs(this.#clock.nowMs() - this.#dueMs);
      this.start();
    });
  }

  stop(): void {
    this.#timer?.clear();
  }
}

/** For how much of a span of time the event loop was late, by what was recorded in it. */
export function latePercentOf({ mean, totalCount }: Histogram, lengthMs: number): number {
  return lengthMs > 0 ? (mean * totalCount) / (lengthMs * 10) : 0;
}

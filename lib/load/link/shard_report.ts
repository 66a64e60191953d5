// What is known of a shard at the end of a link: the seconds that it told and nobody took yet, and its figures so far.

import type { Histogram } from "hdr-histogram-js";
import { latencyHistogram, LONGEST_US } from "../../record/latency_recorder.ts";
import { percentileUs } from "../../record/percentile.ts";
import type { ProcessSample } from "../../record/process_sampler.ts";
import { addPacked, type PackedHistogram } from "../../record/packed_histogram.ts";
import { eachClock } from "../../record/clocks.ts";
import type { Ending } from "../ending.ts";
import type { WorkerFigures } from "../measurement.ts";
import type { ShardSecond } from "../shard/shard_second.ts";

const NOTHING: PackedHistogram = { counts: [], max: 0 };

/** What the host of one shard has told so far. */
export class ShardReport {
  /** It ended before it was told to. */
  dead = false;
  /** How its load ended; undefined: not yet. */
  ending: Ending | undefined = undefined;
  /** As it was told last; undefined: the host is in this process. */
  process: ProcessSample | undefined = undefined;
  /** Undefined: it still sends. */
  dispatchedForMs: number | undefined = undefined;
  /** Told and not taken, oldest first. */
  readonly #seconds: ShardSecond[] = [];
  #lastTold: ShardSecond | undefined = undefined;
  #lastToldMs = 0;
  #lastTaken: ShardSecond | undefined = undefined;
  readonly #response: Histogram = latencyHistogram(64);
  readonly #lag: Histogram = latencyHistogram(64);
  readonly #loopDelay: Histogram = latencyHistogram(64);
  #lateUs = 0;

  tell(second: ShardSecond, nowMs: number): void {
    this.#seconds.push(second);
    this.#lastTold = second;
    this.#lastToldMs = nowMs;
    this.process = second.process;
  }

  get hasNext(): boolean {
    return this.#seconds.length > 0;
  }

  /** Whether it will tell of no other second. */
  get over(): boolean {
    return this.dead || this.ending !== undefined;
  }

  /** The next second, which there must be, and for how long its thread was busy in it, in µs. */
  take(): { readonly second: ShardSecond; readonly runnableUs: number } {
    const second = this.#seconds.shift()!;
    const runnableUs = (second.thread?.runnableUs ?? 0) - (this.#lastTaken?.thread?.runnableUs ?? 0);
    addPacked(this.#response, second.latency.response);
    addPacked(this.#lag, second.latency.lag);
    addPacked(this.#loopDelay, second.loopDelay);
    this.#lateUs += second.lateUs;
    this.#lastTaken = second;
    return { second, runnableUs };
  }

  /**
   * The host died. What it had in flight at its last word has no end, and was at least this old; what it did since then
   * is lost.
   */
  die(nowMs: number): void {
    this.dead = true;
    const last = this.#lastTold;
    if (last === undefined) return;
    const ageUs = Math.min(LONGEST_US, Math.max(0, Math.round((nowMs - this.#lastToldMs) * 1000)));
    const unfinished = last.inFlight + last.unsent;
    const censored = unfinished === 0 ? NOTHING : { counts: [ageUs, unfinished], max: ageUs };
    this.#seconds.push({
      ...last,
      latency: { ...eachClock(() => NOTHING), censored },
      byRequest: last.byRequest.map((request) => ({
        ...request,
        censored: request.offered - request.completed - request.failed,
      })),
      loopDelay: NOTHING,
      lateUs: 0,
    });
  }

  /** Of the thread that it is, or of those that it has. */
  figures(): readonly WorkerFigures[] {
    const { offered = 0, completed = 0, failed = 0, thread, workers } = this.#lastTaken ?? {};
    return workers ?? [{
      offered,
      completed,
      failed,
      responseP99Us: percentileUs(this.#response, 99),
      lagP99Us: percentileUs(this.#lag, 99),
      loopDelayP99Us: percentileUs(this.#loopDelay, 99),
      lateUs: Math.round(this.#lateUs),
      cpuUs: thread && Math.round(thread.cpuUs),
    }];
  }
}

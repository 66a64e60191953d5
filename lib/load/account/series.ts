// The series: a line for each second of a run. Lines alone; blame.ts says whom a slow second is owed to.

import type { LatencyRecorder } from "../../record/latency_recorder.ts";
import { percentileUs } from "../../record/percentile.ts";
import { type EachMeasure, footprintOf } from "../../record/footprint.ts";
import type { ProcessSample } from "../../record/process_sampler.ts";
import type { Account } from "./account.ts";
import { Blame, LINE_MS } from "./blame.ts";
import type { EngineCounts } from "./engine_counts.ts";
import type { Limit } from "./limit.ts";

/** One second of a run: what happened in it, and how things stood at its end. */
export interface SeriesLine extends Omit<EachMeasure<number>, "externalBytes"> {
  readonly second: number;
  /** 1000, but for a last one that was cut short. */
  readonly lengthMs: number;
  /** For how much of it, at its end, no request was sent any more; left out where all of it was. */
  readonly graceMs?: number | undefined;
  readonly offered: number;
  readonly completed: number;
  /** How many of those completed came in that part of it; left out where none did. */
  readonly answeredInGrace?: number | undefined;
  readonly failed: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly lagP99Us: number;
  readonly waitP99Us: number;
  readonly loopDelayP99Us: number;
  /** Whom the second owes its slow responses to. */
  readonly limit: Limit;
  readonly live: number;
  readonly idle: number;
  readonly dialing: number;
  readonly waiting: number;
  readonly heldBodies: number;
  readonly externalBytes?: number | undefined;
  readonly cpuPercent: number;
  /** What was changed by hand in it, in words. */
  readonly changes?: string[] | undefined;
}

/** What a second of the series is made of, beside the tally. */
export interface Fold {
  /** Since the run's beginning: when this is. */
  readonly elapsedMs: number;
  /** For how long requests were dispatched, up to now. */
  readonly dispatchedForMs: number;
  /** How many requests were due by the second's end. */
  readonly offered: number;
  readonly sample: ProcessSample;
  /** How connections and bodies stood at its end. */
  readonly counts: Readonly<EngineCounts>;
  /** For how long the event loop was late in it, in µs: of several, the one that was latest. */
  readonly lateUs: number;
  /** How old the oldest request is that has no end yet; 0 if there is none. */
  readonly oldestMs: number;
}

/** A run that was stopped is over a moment after its last request could be sent: that is no grace. */
const LEAST_GRACE_MS = 1;

/** Called with each line while the account's intervals still hold its second. */
export type OnLine = (line: SeriesLine) => void;

/** Folds samples into one line a second, as the run goes. */
export class Series {
  readonly lines: SeriesLine[] = [];
  readonly #account: Account;
  readonly #loopDelay: LatencyRecorder;
  readonly #blame: Blame;
  readonly #onLine: OnLine | undefined;
  #offered = 0;
  #completed = 0;
  #answeredInGrace = 0;
  #failed = 0;
  #cpuUs: number;
  #runnableUs: number;
  #foldedMs = 0;
  #changes: string[] = [];

  constructor(
    account: Account,
    loopDelay: LatencyRecorder,
    start: ProcessSample,
    unpaced: boolean,
    onLine?: OnLine,
  ) {
    this.#account = account;
    this.#loopDelay = loopDelay;
    this.#blame = new Blame(account, loopDelay, unpaced);
    this.#cpuUs = start.cpuUs;
    this.#runnableUs = start.runnableUs;
    this.#onLine = onLine;
  }

  /** The second that is under way, from 0. */
  get second(): number {
    return this.lines.length;
  }

  /** Whether a change was noted that no line tells yet. */
  get marked(): boolean {
    return this.#changes.length > 0;
  }

  /** Notes a change in the second under way. */
  mark(change: string): void {
    this.#changes.push(change);
  }

  /** Ends a second. */
  fold({ elapsedMs, dispatchedForMs, offered, sample, counts, oldestMs, lateUs }: Fold): SeriesLine {
    const account = this.#account;
    const { response, lag, wait } = account.clocks;
    const { inUse, idle, dialing, waiting, heldBodies } = counts;
    const lengthUs = (elapsedMs - this.#foldedMs) * 1000;
    const fromMs = this.second * LINE_MS;
    const lengthMs = toThousandths(Math.min(LINE_MS, Math.max(0, elapsedMs - fromMs)));
    const graceMs = toThousandths(fromMs + lengthMs - Math.max(fromMs, dispatchedForMs));
    const answeredInGrace = account.answeredInGrace - this.#answeredInGrace;
    const line: SeriesLine = {
      second: this.second,
      lengthMs,
      ...(graceMs >= LEAST_GRACE_MS && { graceMs }),
      offered: offered - this.#offered,
      completed: account.completed - this.#completed,
      ...(answeredInGrace > 0 && { answeredInGrace }),
      failed: account.failed - this.#failed,
      p50Us: percentileUs(response.interval, 50),
      p99Us: percentileUs(response.interval, 99),
      maxUs: response.interval.maxValue,
      lagP99Us: percentileUs(lag.interval, 99),
      waitP99Us: percentileUs(wait.interval, 99),
      loopDelayP99Us: percentileUs(this.#loopDelay.interval, 99),
      limit: this.#blame.of({
        elapsedMs,
        runnablePercent: percent(sample.runnableUs - this.#runnableUs, lengthUs),
        latePercent: percent(lateUs, lengthUs),
        oldestMs,
      }),
      live: inUse + idle,
      idle,
      dialing,
      waiting,
      heldBodies,
      ...footprintOf(sample),
      cpuPercent: percent(sample.cpuUs - this.#cpuUs, lengthUs),
      ...(this.#changes.length > 0 && { changes: this.#changes }),
    };
    this.#loopDelay.fold();
    this.#onLine?.(line);
    account.fold();
    this.#changes = [];
    this.#offered = offered;
    this.#completed = account.completed;
    this.#answeredInGrace = account.answeredInGrace;
    this.#failed = account.failed;
    this.#cpuUs = sample.cpuUs;
    this.#runnableUs = sample.runnableUs;
    this.#foldedMs = elapsedMs;
    this.lines.push(line);
    return line;
  }
}

function toThousandths(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}

import type { LatencyRecorder } from "../../record/latency_recorder.ts";
import type { ProcessSample } from "../../record/process_sampler.ts";
import type { Counts } from "../../transport/census.ts";
import type { Account } from "./account.ts";
import { type Limit, limitOf, type Span } from "./limit.ts";

/** One second of a run: what happened in it, and how things stood at its end. */
export interface SeriesLine {
  readonly second: number;
  readonly offered: number;
  readonly completed: number;
  readonly failed: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly lagP99Us: number;
  readonly waitP99Us: number;
  readonly loopDelayP99Us: number;
  /** Who the second's slow responses are owed to. */
  readonly limit: Limit;
  readonly live: number;
  readonly idle: number;
  readonly dialing: number;
  readonly waiting: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly cpuPercent: number;
  /** What was changed by hand in it, in words. */
  readonly changes?: string[] | undefined;
}

/** What a second of the series is made of, beside the tally. */
export interface Fold {
  /** Since the run's beginning: when this is. */
  readonly elapsedMs: number;
  /** How many requests were due by the second's end. */
  readonly offered: number;
  readonly sample: ProcessSample;
  /** How connections stood at its end. */
  readonly counts: Readonly<Counts>;
  /** For how long the event loop was late in it, in µs: of several, the one that was latest. */
  readonly lateUs: number;
  /** How old the oldest request is that has no end yet; 0 where there is none. */
  readonly oldestMs: number;
}

/** Called with each line while the account's intervals still hold its second; `lengthMs` is 1000 but for the run's last line. */
export type OnLine = (line: SeriesLine, lengthMs: number) => void;

const LINE_MS = 1000;

/** A line that is written this late comes from an event loop that stood still: samples are taken every tenth of a second. */
const ASLEEP_MS = 500;

/** More unanswered requests than this share of all would move the p99. */
const TAIL_SHARE = 0.01;

/** What the generator added to the responses of a line. */
type Added = Pick<Span, "dispatchUs" | "loopDelayUs">;

/** Folds samples into one line a second, as the run goes. */
export class Series {
  readonly lines: SeriesLine[] = [];
  /** One for each line. */
  readonly #added: Added[] = [];
  readonly #account: Account;
  readonly #loopDelay: LatencyRecorder;
  readonly #unpaced: boolean;
  readonly #onLine: OnLine | undefined;
  #offered = 0;
  #completed = 0;
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
    this.#unpaced = unpaced;
    this.#cpuUs = start.cpuUs;
    this.#runnableUs = start.runnableUs;
    this.#onLine = onLine;
  }

  /** The second that is under way, from 0. */
  get second(): number {
    return this.lines.length;
  }

  /** Something was noted that no line has yet. */
  get marked(): boolean {
    return this.#changes.length > 0;
  }

  /** Notes a change in the second under way. */
  mark(change: string): void {
    this.#changes.push(change);
  }

  /** Ends a second. */
  fold({ elapsedMs, offered, sample, counts, oldestMs, lateUs }: Fold): SeriesLine {
    const account = this.#account;
    const { response, lag, wait } = account.clocks;
    const { inUse, idle, dialing, waiting } = counts;
    const lengthUs = (elapsedMs - this.#foldedMs) * 1000;
    const line: SeriesLine = {
      second: this.second,
      offered: offered - this.#offered,
      completed: account.completed - this.#completed,
      failed: account.failed - this.#failed,
      p50Us: response.interval.getValueAtPercentile(50),
      p99Us: response.interval.getValueAtPercentile(99),
      maxUs: response.interval.maxValue,
      lagP99Us: lag.interval.getValueAtPercentile(99),
      waitP99Us: wait.interval.getValueAtPercentile(99),
      loopDelayP99Us: this.#loopDelay.interval.getValueAtPercentile(99),
      limit: this.#limit(
        elapsedMs,
        percent(sample.runnableUs - this.#runnableUs, lengthUs),
        percent(lateUs, lengthUs),
        oldestMs,
      ),
      live: inUse + idle,
      idle,
      dialing,
      waiting,
      rssBytes: sample.rssBytes,
      heapBytes: sample.heapBytes,
      cpuPercent: percent(sample.cpuUs - this.#cpuUs, lengthUs),
      ...(this.#changes.length > 0 && { changes: this.#changes }),
    };
    this.#added.push(this.#addedNow());
    this.#loopDelay.fold();
    this.#onLine?.(line, Math.min(LINE_MS, elapsedMs - line.second * LINE_MS));
    account.fold();
    this.#changes = [];
    this.#offered = offered;
    this.#completed = account.completed;
    this.#failed = account.failed;
    this.#cpuUs = sample.cpuUs;
    this.#runnableUs = sample.runnableUs;
    this.#foldedMs = elapsedMs;
    this.lines.push(line);
    return line;
  }

  #limit(elapsedMs: number, runnablePercent: number, latePercent: number, oldestMs: number): Limit {
    const { inFlight, unsent, clocks: { response: { interval: response } } } = this.#account;
    const unanswered = inFlight + unsent;
    const ageUs = unanswered > TAIL_SHARE * (response.totalCount + unanswered) ? oldestMs * 1000 : 0;
    // The event loop slept through the second, or what came after it: the second's samples are in another line, if any.
    const lateMs = elapsedMs - (this.second + 1) * LINE_MS;
    if (lateMs >= ASLEEP_MS || (lateMs >= 0 && elapsedMs === this.#foldedMs)) return "generator";
    const responseUs = Math.max(response.getValueAtPercentile(99), ageUs);
    const lengthMs = elapsedMs - this.#foldedMs;
    return limitOf({
      lengthMs,
      unpaced: this.#unpaced,
      responseUs,
      ...this.#addedWithin(responseUs / 1000, lengthMs),
      runnablePercent,
      latePercent,
    });
  }

  /**
   * In this line, and in those before it that responses this slow began in: where they are slower than the line is long,
   * as the answers are that come after a load's end.
   */
  #addedWithin(responseMs: number, lengthMs: number): Added {
    const within = [this.#addedNow()];
    if (responseMs >= Math.min(lengthMs, LINE_MS)) within.push(...this.#added.slice(-Math.ceil(responseMs / LINE_MS)));
    return {
      dispatchUs: Math.max(...within.map(({ dispatchUs }) => dispatchUs)),
      loopDelayUs: Math.max(...within.map(({ loopDelayUs }) => loopDelayUs)),
    };
  }

  #addedNow(): Added {
    return {
      dispatchUs: this.#account.clocks.dispatch.interval.getValueAtPercentile(99),
      loopDelayUs: this.#loopDelay.interval.getValueAtPercentile(99),
    };
  }
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}

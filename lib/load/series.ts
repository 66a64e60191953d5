import type { ProcessSample } from "../record/process_sampler.ts";
import type { Counts } from "../transport/pool.ts";
import type { Tally } from "./tally.ts";

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

/** Called with each line while the tally's intervals still hold its second; `lengthMs` is 1000 but for the run's last line. */
export type OnLine = (line: SeriesLine, lengthMs: number) => void;

const LINE_MS = 1000;

/** Folds samples into one line a second, as the run goes. */
export class Series {
  readonly lines: SeriesLine[] = [];
  readonly #tally: Tally;
  readonly #counts: Readonly<Counts>;
  readonly #onLine: OnLine | undefined;
  #offered = 0;
  #completed = 0;
  #failed = 0;
  #cpuUs: number;
  #foldedMs = 0;
  #changes: string[] = [];

  constructor(tally: Tally, counts: Readonly<Counts>, start: ProcessSample, onLine?: OnLine) {
    this.#tally = tally;
    this.#counts = counts;
    this.#cpuUs = start.cpuUs;
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

  /** Ends a second: `offered` is how many requests were due by its end. */
  fold(elapsedMs: number, offered: number, sample: ProcessSample): SeriesLine {
    const { response, lag } = this.#tally;
    const { inUse, idle, dialing, waiting } = this.#counts;
    const line: SeriesLine = {
      second: this.second,
      offered: offered - this.#offered,
      completed: this.#tally.completed - this.#completed,
      failed: this.#tally.failed - this.#failed,
      p50Us: response.interval.getValueAtPercentile(50),
      p99Us: response.interval.getValueAtPercentile(99),
      maxUs: response.interval.maxValue,
      lagP99Us: lag.interval.getValueAtPercentile(99),
      live: inUse + idle,
      idle,
      dialing,
      waiting,
      rssBytes: sample.rssBytes,
      heapBytes: sample.heapBytes,
      cpuPercent: percent(sample.cpuUs - this.#cpuUs, (elapsedMs - this.#foldedMs) * 1000),
      ...(this.#changes.length > 0 && { changes: this.#changes }),
    };
    this.#onLine?.(line, Math.min(LINE_MS, elapsedMs - line.second * LINE_MS));
    this.#tally.fold();
    this.#changes = [];
    this.#offered = offered;
    this.#completed = this.#tally.completed;
    this.#failed = this.#tally.failed;
    this.#cpuUs = sample.cpuUs;
    this.#foldedMs = elapsedMs;
    this.lines.push(line);
    return line;
  }
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}

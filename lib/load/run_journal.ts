// What a run tells while it goes on, so that what it measured can be kept from second to second.

import type { Histogram } from "hdr-histogram-js";
import type { RuntimeInfo } from "../record/runtime_info.ts";
import type { Census } from "../transport/census.ts";
import type { Clocks, RequestCounts } from "./account/account.ts";
import type { SeriesLine } from "./account/series.ts";

/** A measure at the run's beginning, at its highest, and at its end. */
export interface StartPeakEnd {
  readonly start: number;
  readonly peak: number;
  readonly end: number;
}

/** What is known before the first request. */
export interface RunStart {
  readonly runtime: RuntimeInfo;
  readonly socket: "node" | "bun" | "deno";
  readonly startedAt: Date;
}

/** What one of several threads did since the run's beginning. */
export interface WorkerFigures {
  readonly offered: number;
  readonly completed: number;
  readonly failed: number;
  readonly responseP99Us: number;
  readonly lagP99Us: number;
  readonly loopDelayP99Us: number;
  /** For how long its event loop was late. */
  readonly lateUs: number;
  /** Of its thread; undefined where the system does not tell. */
  readonly cpuUs?: number | undefined;
}

/** A run's counts since its beginning, and how things stand. */
export interface RunState {
  /** For how long requests were dispatched. */
  readonly durationMs: number;
  /** The rate asked for, on average over that time; undefined: closed loop. */
  readonly rpsTarget?: number | undefined;
  readonly requests: RequestCounts & {
    readonly byStatus: Readonly<Record<string, number>>;
    readonly byError: Readonly<Record<string, number>>;
  };
  readonly bytes: { readonly sent: number; readonly received: number };
  /** At the end of a run: before its connections were closed. */
  readonly census: Census;
  readonly live: StartPeakEnd;
  readonly waiting: StartPeakEnd;
  readonly rssBytes: StartPeakEnd;
  readonly heapBytes: StartPeakEnd;
  readonly externalBytes: StartPeakEnd;
  /** User and system time that the run took, in µs. */
  readonly cpuUs: number;
  /** For how long the run's thread, of several the busiest, ran or would have run had there been a core for it, in µs. */
  readonly runnableUs: number;
  /** One for each thread that sent requests, where there were several. */
  readonly workers?: readonly WorkerFigures[] | undefined;
}

/** What the slopes of a run rest on, ten times a second. */
export type StateSample = readonly [completed: number, live: number, rssBytes: number];

/** A second that is over. Valid during the call alone: its histograms and ranges are used again. */
export interface Second {
  readonly line: SeriesLine;
  /** 1000 but for the run's last second. */
  readonly lengthMs: number;
  /** What was recorded in this second: the intervals of all seconds add up to the run's totals. */
  readonly latency: Clocks<Histogram>;
  readonly state: RunState;
  /** Those taken in this second. */
  readonly samples: readonly StateSample[];
  /** Since the run's beginning, in µs. */
  readonly errorLatency: Readonly<Record<string, Histogram>>;
  readonly loopDelay: Histogram;
}

/** Whoever wants to keep what a run measures while it goes on. Its calls must not throw, and the run waits for them. */
export interface RunJournal {
  begin(start: RunStart): void;
  second(second: Second): void;
}

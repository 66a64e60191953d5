// What a run measured, in numbers: at its end, and from second to second while it goes on. Judging and reporting read it;
// measuring writes it.

import type { Histogram } from "hdr-histogram-js";
import type { FootprintRanges } from "../record/footprint.ts";
import type { ProcessSample } from "../record/process_sampler.ts";
import type { RuntimeInfo } from "../record/runtime_info.ts";
import type { StartPeakEnd } from "../record/start_peak_end.ts";
import type { Census } from "../transport/census.ts";
import type { Clocks } from "../record/clocks.ts";
import type { RequestCounts } from "./account/account.ts";
import type { Block } from "./account/blocks.ts";
import type { RequestAccount } from "./account/request_tally.ts";
import type { SeriesLine } from "./account/series.ts";
import type { Ending } from "./ending.ts";
import type { Slopes } from "./slopes.ts";

/** Whose sockets a run uses: an adapter's, or those that the runtime's `fetch` opens for itself. */
export type SocketName = "node" | "bun" | "deno" | "fetch";

/** What is known before the first request. */
export interface RunStart {
  readonly runtime: RuntimeInfo;
  readonly socket: SocketName;
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
export interface RunState extends FootprintRanges {
  /** For how long requests were dispatched. */
  readonly durationMs: number;
  /** How many of those completed were answered after that time. */
  readonly answeredInGrace: number;
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
  /** All that the client holds: those of a warm-up, too. */
  readonly heldBodies: StartPeakEnd;
  /** Of them, those of this run, by request, in the order of the plan's. */
  readonly heldByRequest: readonly number[];
  /** User and system time that the run took, in µs. */
  readonly cpuUs: number;
  /** For how long the run's thread, of several the busiest, ran or would have run had there been a core for it, in µs. */
  readonly runnableUs: number;
  /** One for each thread that sent requests, where there were several. */
  readonly workers?: readonly WorkerFigures[] | undefined;
}

/** TCP sockets that lead to a load's targets, at one moment. */
export interface SocketCount {
  /** As the kernel counts those of the process. */
  readonly kernel: number;
  /** As the client counts its connections at the same moment; both undefined: it tells of none. */
  readonly live?: number | undefined;
  readonly dialing?: number | undefined;
}

/** What is open at a moment when nothing is sent. */
export interface Inventory {
  /** For how long nothing had been sent, after which garbage was collected; 0: it was taken at once. */
  readonly durationMs: number;
  /** As the client counts it; the totals are since the run's beginning. */
  readonly census: Census;
  /** Of the plan's requests, in their order. */
  readonly heldByRequest: readonly number[];
  readonly process: ProcessSample;
  /** Undefined: nothing tells. */
  readonly sockets?: SocketCount | undefined;
}

/** Before the load, once it was over, and once it had settled. */
export interface SocketCounts {
  readonly start: SocketCount;
  readonly end: SocketCount;
  readonly settled?: SocketCount | undefined;
}

/** All that a run measured. */
export interface Measurement extends Ending, RunStart, RunState {
  /** The rule that ended the run; undefined: none did. */
  readonly stoppedBy: string | undefined;
  /** In the order of the plan's requests, where these are several. */
  readonly byRequest?: readonly RequestAccount[] | undefined;
  /** What was offered without being counted, before and after the run. */
  readonly warmup?: { readonly offered: number } | undefined;
  readonly cooldown?: { readonly offered: number } | undefined;
  /**
   * After the load, where the plan has it settle: what was still open then. Whatever a verdict rests on that is open at
   * the end, it takes from here where it is there, else from `census`.
   */
  readonly settled?: Inventory | undefined;
  /** Undefined: nothing tells. */
  readonly sockets?: SocketCounts | undefined;
  /** In µs. */
  readonly latency: Clocks<Histogram>;
  /** The response times of what failed, in µs, by the keys of `requests.byError`. */
  readonly errorLatency: Readonly<Record<string, Histogram>>;
  readonly slopes: Slopes;
  /** How late a 10 ms timer fired, in µs. */
  readonly loopDelay: Histogram;
  readonly series: readonly SeriesLine[];
  /** The same seconds in a bounded number of parts. */
  readonly blocks: readonly Block[];
}

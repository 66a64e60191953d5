// What a run needs of a load, and nothing of how it is sent: the seam between measuring and sending.

import type { LatencyRecorder } from "../../record/latency_recorder.ts";
import type { ProcessSample } from "../../record/process_sampler.ts";
import type { RuntimeInfo } from "../../record/runtime_info.ts";
import type { BodyPolicy } from "../../scenario/plan.ts";
import type { Census, Traffic } from "../../transport/census.ts";
import type { Account, RequestCounts } from "../account/account.ts";
import type { EngineCounts } from "../account/engine_counts.ts";
import type { Ending } from "../ending.ts";
import type { Inventory, SocketName, WorkerFigures } from "../measurement.ts";
import type { LiveSchedule } from "../schedule/live_schedule.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** A change to a load under way; `atMs`: since its beginning, from when on it holds. */
export type Change =
  | { readonly kind: "rate"; readonly rps: number; readonly atMs: number }
  | { readonly kind: "pause" | "resume"; readonly atMs: number }
  | { readonly kind: "bodies"; readonly policy: BodyPolicy };

/** How things stood when a second was over, as a shard told that is not in this process. */
export interface Standing {
  readonly elapsedMs: number;
  readonly counts: Readonly<EngineCounts>;
  readonly sample: ProcessSample;
}

/**
 * What carries out a plan's load and accounts for it: in this thread, or several shards elsewhere that look like one.
 * Whoever runs a plan samples and reports over this, wherever the requests are sent from.
 */
export interface Shard {
  readonly runtime: RuntimeInfo;
  readonly socket: SocketName;
  /** Up to the last second that ended, or to this moment. */
  readonly account: Account;
  /** Of the same span. */
  readonly loopDelay: LatencyRecorder;
  /** At this moment. */
  readonly requests: RequestCounts;
  /** At this moment. */
  readonly counts: Readonly<EngineCounts>;
  /** The plan's, all of it; undefined: closed loop. */
  readonly schedule: Schedule | undefined;
  /** The same where it may be changed under way. */
  readonly liveSchedule: LiveSchedule | undefined;
  readonly bodyPolicy: BodyPolicy;
  readonly dispatching: boolean;
  /** For how long requests were dispatched. */
  readonly dispatchedForMs: number;
  /** Resolves when nothing more will be sent, and what is in flight is done or its grace is over. */
  readonly ended: Promise<Ending>;
  /** One for each thread, where there are several. */
  readonly workers: readonly WorkerFigures[] | undefined;
  /** How long the busiest thread ran, or would have run, in µs; undefined: it is this one. */
  readonly runnableUs: number | undefined;
  /** For how long, in the span that `loopDelay.interval` tells of, the latest event loop was late, in µs. */
  readonly lateUs: number;

  /** Memory and CPU of what sends: at this moment of this process, as told last of another. */
  sample(): ProcessSample;
  /** Called when nothing more will be sent. */
  onDispatchEnd: (() => void) | undefined;
  /** Called as each second of the schedule ends: the account has what was due by its end, and nothing that is due later. */
  onSecond: (() => void) | undefined;

  /**
   * Runs the load that comes first, if there is one; resolves at once with how it ended where that was early. `atMs`: the
   * clock's instant to begin at.
   */
  warmUp(atMs?: number): Promise<Ending | undefined>;
  /** What the warm-up has offered; undefined: there is none. */
  readonly warmedUp: number | undefined;
  /** Begins; `early`: the load before ended early, and nothing is sent. `atMs`: the instant that the schedule begins at. */
  start(early?: Ending, atMs?: number): void;
  /** Ends it early, be it warming up, measuring, cooling down or settling. */
  stop(ending: Ending): void;
  /** What the load that comes last has offered, once it is over; undefined: there is none. */
  cooledDown(): Promise<number> | undefined;
  /**
   * What is open while nothing is sent. `settleMs`: only after this long, in which what came before goes on without
   * sending anything, and a collection of garbage; an interruption ends the wait.
   */
  inventory(settleMs: number): Promise<Inventory>;
  close(): Promise<void>;

  /** Milliseconds since the first request was due. */
  elapsedMs(): number;
  /** Dispatches whatever is due by now, as far as that is this thread's task, and returns that instant. */
  dispatchDue(): number;
  /** For how long the oldest request that is due has been without an end; 0 where there is none. */
  oldestUnfinishedMs(): number;
  /**
   * A second is over: calls back, perhaps later, with the second's share in the account, and nothing beyond it. `told` is
   * given where the shard is not in this process.
   */
  endSecond(fold: (told?: Standing) => void): void;
  /** It has ended: from here on all of it is in the account. */
  conclude(): void;
  /** Since its beginning. */
  traffic(): Traffic;
  /** The totals are since its beginning. */
  census(): Census;

  /** The earliest instant that a change can hold from. */
  changesFromMs(): number;
  change(change: Change): void;
}

/** Brings a schedule up to date with a change. */
export function changeSchedule(schedule: LiveSchedule, change: Change): void {
  switch (change.kind) {
    case "rate":
      return schedule.setRate(change.atMs, change.rps);
    case "pause":
      return schedule.pause(change.atMs);
    case "resume":
      return schedule.resume(change.atMs);
    case "bodies":
      return;
  }
}

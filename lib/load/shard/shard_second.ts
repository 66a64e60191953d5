// What a shard tells of a second, as plain data, wherever it is. Its latencies are of that second alone, so that they add
// up; the rest is since the run's beginning, so that the last word holds.

import { type PackedHistogram, packHistogram } from "../../record/packed_histogram.ts";
import type { ProcessSample } from "../../record/process_sampler.ts";
import type { ThreadTimes } from "../../record/thread_clock.ts";
import type { Census, Traffic } from "../../transport/census.ts";
import { type Clocks, eachClock } from "../../record/clocks.ts";
import type { RequestCounts } from "../account/account.ts";
import type { RequestAccount } from "../account/request_tally.ts";
import type { WorkerFigures } from "../measurement.ts";
import type { Shard } from "./shard.ts";
import { countsOf } from "./shared_counts.ts";

export type PackedRequest = Omit<RequestAccount, "response" | "failures"> & {
  readonly response: PackedHistogram;
  readonly failures: PackedHistogram;
};

export interface ShardSecond extends RequestCounts {
  /** When this is, since the beginning. */
  readonly elapsedMs: number;
  readonly answeredInGrace: number;
  readonly latency: Clocks<PackedHistogram>;
  readonly loopDelay: PackedHistogram;
  /** For how long the event loop was late in this second, in µs. */
  readonly lateUs: number;
  readonly oldestMs: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, PackedHistogram>>;
  readonly byRequest: readonly PackedRequest[];
  readonly heldByRequest: readonly number[];
  readonly traffic: Traffic;
  readonly census: Census;
  /** Undefined where the system does not tell. */
  readonly thread?: ThreadTimes | undefined;
  /** Memory and CPU of the process that the shard is in; undefined: it is the hearer's own. */
  readonly process?: ProcessSample | undefined;
  /** One for each thread, where the shard is several. */
  readonly workers?: readonly WorkerFigures[] | undefined;
}

/** Takes the second that is over out of a shard's account. `requests`: how many the plan has. */
export function takeSecond(
  shard: Shard,
  requests: number,
  thread: ThreadTimes | undefined,
  process: ProcessSample | undefined,
): ShardSecond {
  const { account, loopDelay, lateUs } = shard;
  const second: ShardSecond = {
    ...countsOf(account),
    elapsedMs: shard.elapsedMs(),
    answeredInGrace: account.answeredInGrace,
    latency: eachClock((clock) => packHistogram(account.clocks[clock].interval)),
    loopDelay: packHistogram(loopDelay.interval),
    lateUs,
    oldestMs: shard.oldestUnfinishedMs(),
    byStatus: account.byStatus(),
    errors: mapValues(account.errorLatencies(), packHistogram),
    byRequest: requests === 1 ? [] : account.byRequest(requests).map(packedRequest),
    heldByRequest: account.heldByRequest(requests),
    traffic: shard.traffic(),
    census: shard.census(),
    thread,
    process,
    workers: shard.workers,
  };
  account.fold();
  loopDelay.fold();
  return second;
}

function packedRequest(account: RequestAccount): PackedRequest {
  return { ...account, response: packHistogram(account.response), failures: packHistogram(account.failures) };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

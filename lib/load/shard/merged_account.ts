// The sum of several shards' accounts, as a reader of one account sees it.

import type { Histogram } from "hdr-histogram-js";
import { latencyHistogram, LatencyRecorder } from "../../record/latency_recorder.ts";
import { addPacked, type PackedHistogram } from "../../record/packed_histogram.ts";
import type { Census, Traffic } from "../../transport/census.ts";
import { CLOCKS, type Clocks, eachClock } from "../../record/clocks.ts";
import type { Account, RequestCounts } from "../account/account.ts";
import type { RequestAccount } from "../account/request_tally.ts";
import type { ShardSecond } from "./shard_second.ts";

/** Several shards' accounts as one, second by second: histograms add, counters add. */
export class MergedAccount implements Account {
  readonly clocks: Clocks<LatencyRecorder> = eachClock(() => new LatencyRecorder());
  readonly loopDelay: LatencyRecorder = new LatencyRecorder();
  /** The last word of each shard that has spoken. */
  readonly #latest: Map<number, ShardSecond> = new Map();

  /** Takes a shard's next second. */
  add(shard: number, second: ShardSecond): void {
    for (const clock of CLOCKS) addPacked(this.clocks[clock].interval, second.latency[clock]);
    addPacked(this.loopDelay.interval, second.loopDelay);
    this.#latest.set(shard, second);
  }

  get offered(): number {
    return this.#sum("offered");
  }

  get completed(): number {
    return this.#sum("completed");
  }

  get answeredInGrace(): number {
    return this.#sum("answeredInGrace");
  }

  get failed(): number {
    return this.#sum("failed");
  }

  get inFlight(): number {
    return this.#sum("inFlight");
  }

  get unsent(): number {
    return this.#sum("unsent");
  }

  byStatus(): Record<string, number> {
    return addedUp(this.#each(({ byStatus }) => byStatus));
  }

  byError(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.errorLatencies()).map(([key, { totalCount }]) => [key, totalCount]));
  }

  errorLatencies(): Record<string, Histogram> {
    const merged: Record<string, Histogram> = {};
    for (const { errors } of this.#latest.values()) {
      for (const [key, packed] of Object.entries(errors)) addPacked(merged[key] ??= latencyHistogram(), packed);
    }
    return merged;
  }

  heldByRequest(requests: number): number[] {
    const held = this.#each(({ heldByRequest }) => heldByRequest);
    return Array.from({ length: requests }, (_, index) => held.reduce((sum, one) => sum + (one[index] ?? 0), 0));
  }

  byRequest(requests: number): RequestAccount[] {
    return Array.from({ length: requests }, (_, index) => {
      const accounts = this.#each(({ byRequest }) => byRequest[index]).filter((account) => account !== undefined);
      const sum = (field: "offered" | "completed" | "failed" | "held" | "censored") =>
        accounts.reduce((all, account) => all + account[field], 0);
      return {
        offered: sum("offered"),
        completed: sum("completed"),
        failed: sum("failed"),
        held: sum("held"),
        censored: sum("censored"),
        byStatus: addedUp(accounts.map(({ byStatus }) => byStatus)),
        byError: addedUp(accounts.map(({ byError }) => byError)),
        response: unpacked(accounts.map(({ response }) => response)),
        failures: unpacked(accounts.map(({ failures }) => failures)),
      };
    });
  }

  traffic(): Traffic {
    const all = this.#each(({ traffic }) => traffic);
    const sum = (field: keyof Traffic) => all.reduce((sum, traffic) => sum + traffic[field], 0);
    return { bytesSent: sum("bytesSent"), bytesReceived: sum("bytesReceived") };
  }

  census(): Census {
    return addedCensuses(this.#each(({ census }) => census));
  }

  oldestMs(): number {
    return Math.max(0, ...this.#each(({ oldestMs }) => oldestMs));
  }

  fold(): void {
    for (const clock of CLOCKS) this.clocks[clock].fold();
  }

  #each<T>(part: (second: ShardSecond) => T): T[] {
    return [...this.#latest.values()].map(part);
  }

  #sum(field: keyof RequestCounts | "answeredInGrace"): number {
    let sum = 0;
    for (const second of this.#latest.values()) sum += second[field];
    return sum;
  }
}

function addedUp(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [key, count] of records.flatMap((record) => Object.entries(record))) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

function unpacked(parts: readonly PackedHistogram[]): Histogram {
  const histogram = latencyHistogram();
  for (const part of parts) addPacked(histogram, part);
  return histogram;
}

export function addedCensuses(all: readonly Census[]): Census {
  const sum = (field: "live" | "heldBodies" | "dialing" | "inUse" | "idle" | "waiting") =>
    all.reduce((sum, census) => sum + census[field], 0);
  const total = (field: "dialed" | "reused" | "retried") => all.reduce((sum, { totals }) => sum + totals[field], 0);
  return {
    live: sum("live"),
    heldBodies: sum("heldBodies"),
    dialing: sum("dialing"),
    inUse: sum("inUse"),
    idle: sum("idle"),
    waiting: sum("waiting"),
    readLoops: addedUp(all.map(({ readLoops }) => readLoops)),
    writeLoops: addedUp(all.map(({ writeLoops }) => writeLoops)),
    totals: {
      dialed: total("dialed"),
      reused: total("reused"),
      retried: total("retried"),
      closed: addedUp(all.map(({ totals }) => totals.closed)),
    },
  };
}

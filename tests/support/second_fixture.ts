// Seconds as a run tells them, made without a run.

import type { RunState } from "../../lib/load/measurement.ts";
import type { Second } from "../../lib/load/observer.ts";
import { eachClock } from "../../lib/record/clocks.ts";
import { latencyHistogram } from "../../lib/record/latency_recorder.ts";
import { histogramOf } from "./clocks.ts";

/** A second in which these responses ended, of a run that does the same in every second. */
export function secondOf(second: number, responseUs: readonly number[], more: Partial<Second> = {}): Second {
  const completed = responseUs.length;
  return {
    line: {
      second,
      lengthMs: 1000,
      offered: completed,
      completed,
      failed: 0,
      p50Us: 1,
      p99Us: 1,
      maxUs: Math.max(0, ...responseUs),
      lagP99Us: 0,
      waitP99Us: 0,
      loopDelayP99Us: 0,
      limit: "none",
      live: 1,
      idle: 1,
      dialing: 0,
      waiting: 0,
      heldBodies: 0,
      rssBytes: 1,
      heapBytes: 1,
      cpuPercent: 1,
    },
    lengthMs: 1000,
    latency: eachClock((clock) => histogramOf(clock === "connect" || clock === "censored" ? [] : responseUs)),
    state: stateOf((second + 1) * completed, (second + 1) * 1000),
    samples: [[(second + 1) * completed, 1, 1, 0]],
    errorLatency: {},
    loopDelay: latencyHistogram(),
    ...more,
  };
}

export function stateOf(completed: number, durationMs: number): RunState {
  const zero = { start: 0, peak: 0, end: 0 };
  return {
    durationMs,
    answeredInGrace: 0,
    requests: {
      offered: completed,
      completed,
      failed: 0,
      inFlight: 0,
      unsent: 0,
      byStatus: { "200": completed },
      byError: {},
    },
    bytes: { sent: 10, received: 20 },
    census: {
      live: 1,
      heldBodies: 0,
      dialing: 0,
      inUse: 0,
      idle: 1,
      waiting: 0,
      readLoops: { idle: 1 },
      writeLoops: { awaitingRequest: 1 },
      totals: { dialed: 1, reused: Math.max(0, completed - 1), retried: 0, closed: {} },
    },
    live: { start: 0, peak: 1, end: 1 },
    waiting: zero,
    heldBodies: zero,
    heldByRequest: [0],
    rssBytes: { start: 1, peak: 1, end: 1 },
    heapBytes: zero,
    externalBytes: zero,
    cpuUs: 1000,
    runnableUs: 1000,
  };
}

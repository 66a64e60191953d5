// Results as real runs leave them, made without a run: the same on every machine and runtime.

import type { SeriesLine } from "../../lib/load/account/series.ts";
import { eachClock } from "../../lib/record/clocks.ts";
import { digestOf } from "../../lib/result/digest.ts";
import type { Latency, Result } from "../../lib/result/result.ts";
import { histogramOf } from "./clocks.ts";

const MIB = 1024 * 1024;

/** 500 requests a second for ten seconds, every body read: three connections do it all. */
export function cleanResult(): Result {
  const random = randomNumbers(1);
  const requests = 5000;
  const response = samples(requests, () => 180 + 120 * logNormal(random, 0.55));
  const series = seconds(10, (second) => ({
    ...quiet(second, 500),
    p50Us: 290 + Math.round(20 * random()),
    p99Us: 600 + Math.round(350 * random()),
    maxUs: 1400 + Math.round(900 * random()),
    live: 3,
    idle: 3,
    rssBytes: Math.round((57 + Math.min(second, 2) * 0.6 + 0.2 * random()) * MIB),
  }));
  return {
    ...base("clean", "500 rps in all, 10 s, bodies read"),
    requests: { ...noRequests(), offered: requests, completed: requests, byStatus: { "200": requests } },
    rps: { target: 500, achieved: 499.8 },
    bytes: { sent: requests * 78, received: requests * 1180 },
    latencyUs: latencies(response, 25),
    connections: {
      dialed: 3,
      reused: 4997,
      live: { start: 1, peak: 3, end: 3 },
      waiting: zeroes(),
      closed: {},
      readLoops: { idle: 3 },
      writeLoops: { idle: 3 },
    },
    memory: { ...memory(57 * MIB, 58.6 * MIB, 58.4 * MIB), rssBytesPerHeld: null },
    leak: {
      ...nothingHeld(),
      verdict: "clean",
      reason: "3 connections served 5,000 requests, and memory did not grow with them.",
      connectionsPerRequest: { slope: 0, low: -0.0002, high: 0.0002 },
      rssBytesPerRequest: { slope: 31, low: -44, high: 106 },
    },
    series,
  };
}

/** The same without reading or closing a body: every request dials a connection that stays. */
export function leakingResult(): Result {
  const random = randomNumbers(2);
  const requests = 5000;
  const response = samples(requests, () => 420 + 300 * logNormal(random, 0.7));
  const series = seconds(10, (second) => ({
    ...quiet(second, 500),
    p50Us: 640 + 22 * second + Math.round(40 * random()),
    p99Us: 1900 + 240 * second + Math.round(900 * random()),
    maxUs: 5200 + Math.round(3000 * random()),
    live: 500 * (second + 1),
    heldBodies: 500 * (second + 1),
    idle: 0,
    dialing: Math.round(2 * random()),
    rssBytes: Math.round((57 + 2.8 * (second + 1) + 0.3 * random()) * MIB),
  }));
  return {
    ...base("leak", "500 rps in all, 10 s, bodies never closed"),
    runtime: { name: "bun", version: "1.4.5", os: "linux", arch: "x64", cpus: 2, socket: "bun" },
    requests: { ...noRequests(), offered: requests, completed: requests, byStatus: { "200": requests } },
    rps: { target: 500, achieved: 499.6 },
    bytes: { sent: requests * 78, received: requests * 1180 },
    latencyUs: latencies(response, 60),
    connections: {
      dialed: 5000,
      reused: 0,
      live: { start: 0, peak: 5000, end: 5000 },
      waiting: zeroes(),
      closed: {},
      readLoops: { awaitingBodyRead: 5000 },
      writeLoops: { awaitingRequest: 5000 },
    },
    memory: { ...memory(57 * MIB, 85.2 * MIB, 85 * MIB), rssBytesPerHeld: 5872 },
    leak: {
      verdict: "leaking",
      kind: "bodies",
      where: "client",
      reason:
        "Every request left a live connection behind: 5,000 read loops wait for a body that is neither read nor " +
        "closed, so the pool never gets a connection back and each request dials anew.",
      heldBodies: 5000,
      heldPerRequest: { slope: 1, low: 0.9993, high: 1 },
      byRequest: [{ name: "GET /", held: 5000 }],
      rssBytesPerHeld: { slope: 5872, low: 5610, high: 6134 },
      connectionsPerRequest: { slope: 1, low: 0.998, high: 1.002 },
      rssBytesPerRequest: { slope: 5872, low: 5610, high: 6134 },
    },
    series,
  };
}

/** The same through the runtime's own fetch, which tells of no connection: calls are counted. */
export function fetchResult(): Result {
  const leak = leakingResult();
  return {
    ...leak,
    runtime: { ...leak.runtime, socket: "fetch" },
    connections: { ...leak.connections, dialed: 0, reused: 0, writeLoops: {} },
    leak: { ...leak.leak, reason: "Bodies leak: 5,000 of 5,000 responses are neither read nor cancelled." },
  };
}

/** Nobody listens: every request fails at once, nothing is ever measured but how late it was sent. */
export function allFailedResult(): Result {
  const requests = 2500;
  return {
    ...base("refused", "250 rps in all, 10 s, bodies read"),
    outcome: "stopped",
    outcomeReason: "2,500 requests in a row failed with dial/ECONNREFUSED.",
    requests: { ...noRequests(), offered: requests, failed: requests, byError: { "dial/ECONNREFUSED": requests } },
    rps: { target: 250, achieved: 0 },
    latencyUs: {
      ...noLatencies(),
      response: { ...latencyOf(samples(requests, (i) => 140 + i % 90)), lowerBounds: [] },
      lag: latencyOf(samples(requests, (i) => 10 + i % 30)),
      byError: { "dial/ECONNREFUSED": latencyOf(samples(requests, (i) => 140 + i % 90)) },
    },
    series: seconds(10, (second) => ({
      ...quiet(second, 250),
      completed: 0,
      failed: 250,
      p50Us: 180,
      p99Us: 228,
      maxUs: 229,
      rssBytes: 56 * MIB,
    })),
  };
}

/** A run of one second. */
export function oneSecondResult(): Result {
  const random = randomNumbers(4);
  const response = samples(100, () => 900 + 400 * logNormal(random, 0.4));
  return {
    ...cleanResult(),
    plan: { name: "smoke", description: "100 rps in all, 1 s, bodies read" },
    durationMs: 1003,
    requests: { ...noRequests(), offered: 100, completed: 100, byStatus: { "200": 100 } },
    rps: { target: 100, achieved: 99.7 },
    latencyUs: latencies(response, 25),
    leak: {
      ...nothingHeld(),
      verdict: "inconclusive",
      reason: "One second is too short to tell growth from noise.",
      connectionsPerRequest: null,
      rssBytesPerRequest: null,
    },
    series: seconds(1, (second) => ({
      ...quiet(second, 100),
      p50Us: 1300,
      p99Us: 2900,
      maxUs: 3100,
      live: 3,
      idle: 3,
      rssBytes: 57 * MIB,
    })),
  };
}

/** A run that was held to thresholds of every kind, some of which it did not keep. */
export function ruledResult(): Result {
  const kept = { abort: false, lowerBound: false, failed: false } as const;
  const failed = { ...kept, failed: true } as const;
  return {
    ...cleanResult(),
    thresholds: [
      { ...failed, expression: "p99 < 200ms", kind: "mustHold", unit: "us", value: 340_000 },
      { ...failed, expression: "max > 5s", kind: "failIf", unit: "us", value: 1_200_000, lowerBound: true },
      { ...kept, expression: "errors <= 1%", kind: "mustHold", unit: "percent", value: 0.5 },
      { ...failed, expression: "connect.p99 > 1s", kind: "failIf", unit: "us", value: null, reason: "notMeasured" },
      { ...kept, expression: "rss.slope > 1KiB", kind: "failIf", abort: true, unit: "bytes", value: 69 },
    ],
  };
}

/** Interrupted before the first request was due. */
export function emptyResult(): Result {
  return {
    ...base("interrupted", "500 rps in all, 10 s, bodies read"),
    durationMs: 40,
    outcome: "interrupted",
    outcomeReason: "Ctrl-C",
  };
}

/** An hour in a closed loop with everything that can be in a result: closes, errors, waits, slow minutes, saturation. */
export function hourResult(): Result {
  const random = randomNumbers(6);
  const slow = (second: number) => second % 900 > 840;
  const series = seconds(3600, (second) => ({
    ...quiet(second, Math.round(11_900 + 900 * random())),
    failed: slow(second) ? Math.round(40 * random()) : 0,
    p50Us: Math.round((slow(second) ? 21_000 : 4_900) + 600 * random()),
    p99Us: Math.round((slow(second) ? 260_000 : 17_000) + 9_000 * random()),
    maxUs: Math.round(300_000 + 900_000 * random()),
    lagP99Us: Math.round(900 + 6_000 * random()),
    limit: slow(second) ? "server" as const : "generator" as const,
    live: 64,
    idle: 0,
    waiting: slow(second) ? Math.round(180 + 60 * random()) : 0,
    rssBytes: Math.round((92 + second / 900 + 3 * random()) * MIB),
    cpuPercent: 97,
  }));
  const completed = series.reduce((sum, line) => sum + line.completed, 0);
  const failed = series.reduce((sum, line) => sum + line.failed, 0);
  const response = samples(20_000, (i) => (i % 15 === 0 ? 21_000 : 3_000) + 2_400 * logNormal(random, 0.9));
  return {
    ...base("soak", "closed loop, 1 h, 64 connections, bodies closed unread"),
    runtime: { name: "deno", version: "2.9.6", os: "linux", arch: "x64", cpus: 2, socket: "node" },
    durationMs: 3_600_412,
    requests: {
      offered: completed + failed + 64 + 120,
      completed,
      failed,
      inFlight: 64,
      unsent: 120,
      censored: 184,
      retried: 37,
      byStatus: { "200": completed - 5200, "429": 4000, "503": 1200 },
      byError: { "body/ECONNRESET": failed - 300, "head/timeout awaiting response headers": 300 },
    },
    rps: { target: null, achieved: completed / 3600.412 },
    bytes: { sent: completed * 78, received: completed * 18_400 },
    latencyUs: {
      ...latencies(response, 4_000),
      response: { ...latencyOf(response), lowerBounds: ["mean", "max"] },
      wait: latencyOf(response.map((_, i) => i % 50 === 0 ? 3_000 + i : 0)),
      censored: latencyOf(samples(184, (i) => 20_000 + 700 * i)),
      byError: {
        "body/ECONNRESET": latencyOf(samples(400, (i) => 30_000 + 90 * i)),
        "head/timeout awaiting response headers": latencyOf(samples(300, () => 5_000_000)),
      },
    },
    connections: {
      dialed: 4_812,
      reused: completed - 4_812,
      live: { start: 12, peak: 64, end: 64 },
      waiting: { start: 0, peak: 240, end: 120 },
      closed: { earlyClose: 3_900, serverClosedIdle: 508, idleTimeout: 310, readError: 30 },
      readLoops: { awaitingHead: 58, draining: 4, awaitingBodyRead: 2 },
      writeLoops: { awaitingRequest: 60, writing: 4 },
    },
    memory: { ...memory(91 * MIB, 101 * MIB, 99 * MIB), rssBytesPerHeld: null },
    leak: {
      ...nothingHeld(),
      verdict: "inconclusive",
      reason: "Memory grew by 8 MiB in an hour while connections stayed at 64: too little to call it a leak.",
      connectionsPerRequest: { slope: 0, low: -0.00001, high: 0.00001 },
      rssBytesPerRequest: { slope: 0.19, low: -0.4, high: 0.78 },
    },
    generator: {
      verdict: "saturated",
      limit: "generator",
      reason:
        "Requests left 4.1 ms late at p99 and the event loop was busy 97 % of the time: add workers or lower the rate.",
      cpuUsPerRequest: 78.4,
      loopDelayUs: { p50: 900, p99: 7_400, max: 61_000 },
    },
    series,
  };
}

/** A latency over these values in µs. */
export function latencyOf(valuesUs: readonly number[]): Latency {
  return digestOf(histogramOf(valuesUs));
}

/** Numbers from 0 to 1 that look random and are the same each time (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6D2B79F5 | 0;
    let bits = Math.imul(state ^ state >>> 15, 1 | state);
    bits = bits + Math.imul(bits ^ bits >>> 7, 61 | bits) ^ bits;
    return ((bits ^ bits >>> 14) >>> 0) / 4294967296;
  };
}

function logNormal(random: () => number, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(sigma * normal);
}

function samples(count: number, valueOf: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => Math.round(valueOf(index)));
}

function seconds(count: number, lineOf: (second: number) => SeriesLine): SeriesLine[] {
  return Array.from({ length: count }, (_, second) => lineOf(second));
}

/** A second in which everything offered completed and nothing else happened. */
function quiet(second: number, requests: number): SeriesLine {
  return {
    second,
    lengthMs: 1000,
    offered: requests,
    completed: requests,
    failed: 0,
    p50Us: 0,
    p99Us: 0,
    maxUs: 0,
    lagP99Us: 40,
    waitP99Us: 0,
    loopDelayP99Us: 900,
    limit: "none",
    live: 0,
    idle: 0,
    dialing: 0,
    waiting: 0,
    heldBodies: 0,
    rssBytes: 0,
    heapBytes: 9 * MIB,
    cpuPercent: 12,
  };
}

/** `response` given, the others in proportion to it; `lagUs` is how late requests were sent, about. */
function latencies(response: readonly number[], lagUs: number): Result["latencyUs"] {
  const random = randomNumbers(7);
  const share = (part: number) => latencyOf(response.map((value) => Math.max(1, Math.round(value * part))));
  const lag = latencyOf(response.map(() => Math.round(lagUs * logNormal(random, 0.5))));
  return {
    ...noLatencies(),
    response: { ...latencyOf(response), lowerBounds: [] },
    service: share(0.93),
    lag,
    dispatch: lag,
    wait: latencyOf(response.map(() => 0)),
    connect: latencyOf([210, 240, 260]),
    firstByte: share(0.85),
  };
}

function noLatencies(): Result["latencyUs"] {
  const latencies = eachClock(() => latencyOf([]));
  return { ...latencies, response: { ...latencies.response, lowerBounds: [] }, byError: {} };
}

/** A run that settled: of two held bodies neither is gone. */
export function settledResult(): Result {
  const result = cleanResult();
  return {
    ...result,
    settle: {
      durationMs: 5000,
      live: 3,
      inUse: 2,
      idle: 1,
      dialing: 0,
      heldBodies: 2,
      readLoops: { awaitingBodyRead: 2, idle: 1 },
      rssBytes: 50 * MIB,
      heapBytes: result.memory.heapBytes.end,
      externalBytes: 3 * MIB,
      otherBytes: 38 * MIB,
    },
    connections: {
      ...result.connections,
      sockets: {
        start: { kernel: 0, live: 0, dialing: 0 },
        end: { kernel: 3, live: 3, dialing: 0 },
        settled: { kernel: 3, live: 3, dialing: 0 },
      },
    },
  };
}

function memory(start: number, peak: number, end: number): Omit<Result["memory"], "rssBytesPerHeld"> {
  return {
    rssBytes: { start: Math.round(start), peak: Math.round(peak), end: Math.round(end) },
    heapBytes: { start: 8 * MIB, peak: 12 * MIB, end: 9 * MIB },
    externalBytes: { start: 2 * MIB, peak: 2 * MIB, end: 2 * MIB },
    arrayBuffersBytes: { start: MIB, peak: MIB, end: MIB },
    otherBytes: {
      start: Math.round(start) - 10 * MIB,
      peak: Math.round(peak) - 11 * MIB,
      end: Math.round(end) - 11 * MIB,
    },
    descriptors: { start: 30, peak: 42, end: 41 },
  };
}

function nothingHeld(): Pick<
  Result["leak"],
  "kind" | "where" | "heldBodies" | "heldPerRequest" | "byRequest" | "rssBytesPerHeld"
> {
  return { kind: null, where: null, heldBodies: 0, heldPerRequest: null, byRequest: [], rssBytesPerHeld: null };
}

function zeroes(): { start: number; peak: number; end: number } {
  return { start: 0, peak: 0, end: 0 };
}

function noRequests(): Result["requests"] {
  return {
    offered: 0,
    completed: 0,
    failed: 0,
    inFlight: 0,
    unsent: 0,
    censored: 0,
    retried: 0,
    byStatus: {},
    byError: {},
  };
}

/** A run of ten seconds on Node in which nothing happened; the fixtures above say what did. */
function base(name: string, description: string): Result {
  return {
    schema: "loadgen/result@1",
    runtime: { name: "node", version: "20.20.2", os: "linux", arch: "x64", cpus: 2, socket: "node" },
    plan: { name, description },
    startedAt: "2026-11-23T10:20:30.000Z",
    durationMs: 10_004,
    outcome: "completed",
    outcomeReason: "",
    requests: noRequests(),
    rps: { target: 500, achieved: 0 },
    bytes: { sent: 0, received: 0 },
    latencyUs: noLatencies(),
    connections: {
      dialed: 0,
      reused: 0,
      live: zeroes(),
      waiting: zeroes(),
      closed: {},
      readLoops: {},
      writeLoops: {},
    },
    memory: { ...memory(56 * MIB, 56 * MIB, 56 * MIB), rssBytesPerHeld: null },
    leak: {
      ...nothingHeld(),
      verdict: "inconclusive",
      reason: "No request completed, so there is nothing to judge by.",
      connectionsPerRequest: null,
      rssBytesPerRequest: null,
    },
    generator: {
      verdict: "healthy",
      limit: "none",
      reason: "the generator kept up, on 12 % of a core.",
      cpuUsPerRequest: 96.3,
      loopDelayUs: { p50: 110, p99: 840, max: 2_300 },
    },
    thresholds: [],
    series: [],
  };
}

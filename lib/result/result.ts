// The result file, `loadgen/result@1`: every report is a rendering of this.

import { z } from "zod";
import { MOST_BLOCKS } from "../load/account/blocks.ts";
import { eachClock } from "../record/clocks.ts";
import { eachPercentile, type PercentileName, PERCENTILES } from "../record/percentile.ts";
import type { Slope } from "../record/statistics/slope.ts";
import { baselineSchema } from "./baseline_schema.ts";

export const count = z.int().nonnegative();
export const byCode = z.record(z.string(), count);

/** One latency distribution in µs; `hdr` is HdrHistogram's V2 compressed encoding, base64. */
export const latencySchema = z.object({
  count,
  min: z.number(),
  mean: z.number(),
  stdDev: z.number(),
  ...eachPercentile(() => z.number()),
  max: z.number(),
  hdr: z.string(),
});

/** The figures of a latency that can be told to be only lower bounds. */
const FIGURES = ["min", "mean", ...(Object.keys(PERCENTILES) as PercentileName[]), "max"] as const;

/** `response` holds every request offered: what had no end yet when the run ended counts with its age. */
const censoredLatencySchema = latencySchema.extend({
  /** Those of its figures that are only lower bounds, because such requests could raise them. */
  lowerBounds: z.array(z.enum(FIGURES)),
});

export const startPeakEnd = z.object({ start: z.number(), peak: z.number(), end: z.number() });

/** TCP sockets to the load's targets: as the kernel counts this process's, and as the client counts its connections. */
const socketCountSchema = z.object({
  kernel: count,
  /** Both left out if the client tells of no connection. */
  live: count.optional(),
  dialing: count.optional(),
});

/** Before the load, once it was over, and once it had settled. */
export const socketCountsSchema = z.object({
  start: socketCountSchema,
  end: socketCountSchema,
  settled: socketCountSchema.optional(),
});

/** Of this process: rssBytes = heapBytes + externalBytes + otherBytes. What is optional is left out where nothing tells it. */
export const footprintSchema = z.object({
  rssBytes: startPeakEnd,
  /** Of the main thread's heap. */
  heapBytes: startPeakEnd,
  /** What the heap's objects hold outside it, array buffers included. */
  externalBytes: startPeakEnd,
  /** A part of externalBytes. */
  arrayBuffersBytes: startPeakEnd.optional(),
  /** The rest; below 0 where external memory was taken that nobody has touched. */
  otherBytes: startPeakEnd.optional(),
  /** Open descriptors. */
  descriptors: startPeakEnd.optional(),
});

/** A slope per request with its 95 % interval; null if there were too few samples to tell. */
export const slopeSchema: z.ZodType<Slope> = z.object({ slope: z.number(), low: z.number(), high: z.number() });

const limit = z.enum(["generator", "server", "none"]);

export const seriesLineSchema = z.object({
  second: count,
  /** 1000, but for a last one that was cut short; files of earlier versions lack it. */
  lengthMs: z.number().nonnegative().optional(),
  /** For how much of it, at its end, no request was sent any more. Left out where requests were sent in all of it. */
  graceMs: z.number().nonnegative().optional(),
  offered: count,
  completed: count,
  /** How many of those completed came in that part of it. Left out where none did. */
  answeredInGrace: count.optional(),
  failed: count,
  p50Us: z.number(),
  p99Us: z.number(),
  maxUs: z.number(),
  lagP99Us: z.number(),
  /** From handed to the transport to sent: the wait for a connection. */
  waitP99Us: z.number(),
  loopDelayP99Us: z.number(),
  /** Whom the second owes its slow responses to; "none" if its p99 is below 10 ms. */
  limit,
  live: count,
  idle: count,
  dialing: count,
  waiting: count,
  /** Bodies that nobody will read, and that are not given up. */
  heldBodies: count.default(0),
  rssBytes: count,
  heapBytes: count,
  externalBytes: count.optional(),
  arrayBuffersBytes: count.optional(),
  otherBytes: z.int().optional(),
  descriptors: count.optional(),
  cpuPercent: z.number(),
  /** What was changed by hand in this second, in words. */
  changes: z.array(z.string()).optional(),
});

/** What one of several worker threads did. */
export const workerSchema = z.object({
  offered: count,
  completed: count,
  failed: count,
  responseP99Us: z.number(),
  /** due → sent. */
  lagP99Us: z.number(),
  /** How late a 10 ms timer fired. */
  loopDelayP99Us: z.number(),
  /** Of its thread; null if the system does not tell. */
  cpuUs: z.number().nullable(),
});

/** A rule over the run's figures, and what became of it. */
export const thresholdSchema = z.object({
  /** As it was written: "p99 < 200ms". */
  expression: z.string(),
  /** Whether the run fails if the expression does not hold, or if it does. */
  kind: z.enum(["mustHold", "failIf"]),
  /** It may have ended the run. */
  abort: z.boolean(),
  /** verdict: the leak gate, "no leak". */
  unit: z.enum(["us", "bytes", "count", "percent", "verdict"]),
  /** Null: the run could not measure it, which fails the rule, or it is infinite; `reason` says which. */
  value: z.number().nullable(),
  /** The value may be higher. If that could change the answer, the rule has failed. */
  lowerBound: z.boolean(),
  failed: z.boolean(),
  /**
   * Why there is no value: no request was offered, nothing was answered, the run does not tell it, or (notAsExpected, the
   * value is infinite) so many requests were not answered as expected. Of the leak gate, the verdict.
   */
  reason: z.enum([
    "noRequests",
    "noAnswers",
    "notAsExpected",
    "notMeasured",
    "leaking",
    "growing",
    "clean",
    "inconclusive",
  ]).optional(),
  /** With the reason of that name: how many, of those that the rule is about. */
  notAsExpected: z.object({ count, of: count }).optional(),
  /** It ended the run. */
  endedRun: z.literal(true).optional(),
});

/** Consecutive seconds of a run; `latencyUs` has the distributions as `hdr` of a latency has. */
const blockSchema = z.object({
  /** Its first second. */
  second: count,
  lengthMs: z.number().nonnegative(),
  completed: count,
  failed: count,
  dialed: count,
  latencyUs: z.object({ response: z.string(), service: z.string() }),
});

export const resultSchema = z.object({
  schema: z.literal("loadgen/result@1"),
  runtime: z.object({
    name: z.enum(["node", "deno", "bun"]),
    version: z.string(),
    os: z.string(),
    arch: z.string(),
    cpus: count,
    /** Which adapter carried the run. */
    socket: z.enum(["node", "bun", "deno", "fetch"]),
  }),
  /** The resolved scenario, secrets masked. */
  plan: z.looseObject({ name: z.string(), description: z.string() }),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  outcome: z.enum(["completed", "stopped", "interrupted"]),
  /** Why the run did not complete, in one sentence; empty if it did. */
  outcomeReason: z.string(),
  /** offered = completed + failed + inFlight + unsent; unsent: due, but never given a connection. */
  requests: z.object({
    offered: count,
    completed: count,
    failed: count,
    inFlight: count,
    unsent: count,
    /** Without an end when the run ended, inFlight + unsent: in `latencyUs.response` with their age. */
    censored: count,
    retried: count,
    byStatus: byCode,
    byError: byCode,
  }),
  /** Each of several requests, in the plan's order; response in µs. Left out if the plan has only one. */
  byRequest: z.array(z.object({
    name: z.string(),
    offered: count,
    completed: count,
    failed: count,
    /** Bodies of its responses that were held at the run's end. */
    held: count.default(0),
    byStatus: byCode,
    byError: byCode,
    response: latencySchema,
  })).optional(),
  /** What was offered and not counted in any other figure: before the run, and after it. Left out if nothing was. */
  warmup: z.object({ offered: count }).optional(),
  cooldown: z.object({ offered: count }).optional(),
  /**
   * target: null in a closed loop; the mean until the run's end if the rate changes, pauses included. achieved: what was
   * completed while requests were sent, over that time, which is `durationMs`. answeredInGrace: how many were completed
   * after it; files of earlier versions lack it, and count them in `achieved`.
   */
  rps: z.object({ target: z.number().nullable(), achieved: z.number(), answeredInGrace: count.optional() }),
  /**
   * What was still open once nothing had been sent for durationMs after the load, and garbage was collected. It changes no
   * other count or latency. Left out if the run was not to settle.
   */
  settle: z.object({
    durationMs: z.number().nonnegative(),
    live: count,
    inUse: count,
    idle: count,
    dialing: count,
    heldBodies: count,
    /** In which state the connections' read loops were. */
    readLoops: byCode,
    rssBytes: count,
    heapBytes: count,
    externalBytes: count,
    arrayBuffersBytes: count.optional(),
    otherBytes: z.int().optional(),
    descriptors: count.optional(),
  }).optional(),
  bytes: z.object({ sent: count, received: count }),
  latencyUs: z.object({
    ...eachClock(() => latencySchema),
    response: censoredLatencySchema,
    /** due → failed, by the keys of `requests.byError`; `response` holds these too. */
    byError: z.record(z.string(), latencySchema),
  }),
  connections: z.object({
    dialed: count,
    reused: count,
    live: startPeakEnd,
    /** Requests waiting for a connection. */
    waiting: startPeakEnd,
    closed: byCode,
    readLoops: byCode,
    writeLoops: byCode,
    /** Counted while nothing is sent. Left out where nothing tells: not on Linux, or through a unix socket. */
    sockets: socketCountsSchema.optional(),
  }),
  memory: footprintSchema.extend({
    /** `leak.rssBytesPerHeld.slope`. */
    rssBytesPerHeld: z.number().nullable(),
  }),
  leak: z.object({
    /** leaking: something is held; growing: memory surely grows, and nothing that is held explains it. */
    verdict: z.enum(["leaking", "growing", "clean", "inconclusive"]),
    /** What leaks or grows; null: nothing does, or it cannot be told. */
    kind: z.enum(["bodies", "streams", "window", "connections", "memory"]).nullable().default(null),
    /** Who leaks or grows: "client". */
    where: z.string().nullable().default(null),
    /** The verdict in one plain sentence, with the mechanism. */
    reason: z.string(),
    /** Bodies that the client held at the run's end, neither read to their end nor given up: those of a warm-up, too. */
    heldBodies: count.default(0),
    /** Bodies held of the requests answered, with the exact binomial interval (95 %); null if none was answered. */
    heldPerRequest: slopeSchema.nullable().default(null),
    /** The requests of the plan that hold any, and how many: those of the run alone. */
    byRequest: z.array(z.object({ name: z.string(), held: count })).default([]),
    connectionsPerRequest: slopeSchema.nullable(),
    rssBytesPerRequest: slopeSchema.nullable(),
    /** What a held body costs; null unless the held ones outweigh the run's own growth, and surely. */
    rssBytesPerHeld: slopeSchema.nullable().default(null),
  }),
  generator: z.object({
    /** saturated: the generator was the limit. */
    verdict: z.enum(["healthy", "saturated"]),
    /** Whom the run owes its slow responses to; "none" if the p99 is below 10 ms. */
    limit,
    reason: z.string(),
    cpuUsPerRequest: z.number(),
    /** How late a 10 ms timer fired, in µs. */
    loopDelayUs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  }),
  /** One for each worker thread, whose sums and merged latencies are above. Left out if there was none. */
  workers: z.array(workerSchema).optional(),
  /** What was asked of the run, in the order it was asked. */
  thresholds: z.array(thresholdSchema),
  /** What it was held against. Left out without a baseline. */
  baseline: baselineSchema.optional(),
  /**
   * The whole run in 32 blocks at most, from which a comparison knows how much its figures vary by themselves. Results of
   * earlier versions have none.
   */
  blocks: z.array(blockSchema).max(MOST_BLOCKS).optional(),
  series: z.array(seriesLineSchema),
});

export type Latency = z.infer<typeof latencySchema>;
export type ResultLine = z.infer<typeof seriesLineSchema>;
export type WorkerOutcome = z.infer<typeof workerSchema>;
export type Result = z.infer<typeof resultSchema>;

// The result file, `loadgen/result@1`: every report is a rendering of this.

import { z } from "zod";

export const count = z.int().nonnegative();
export const byCode = z.record(z.string(), count);

/** One latency distribution in µs; `hdr` is HdrHistogram's V2 compressed encoding, base64. */
export const latencySchema = z.object({
  count,
  min: z.number(),
  mean: z.number(),
  stdDev: z.number(),
  p50: z.number(),
  p75: z.number(),
  p90: z.number(),
  p99: z.number(),
  p999: z.number(),
  p9999: z.number(),
  max: z.number(),
  hdr: z.string(),
});

export const startPeakEnd = z.object({ start: z.number(), peak: z.number(), end: z.number() });

/** A slope per request with its 95 % interval; null where there were too few samples to tell. */
export const slopeSchema = z.object({ slope: z.number(), low: z.number(), high: z.number() });

export const seriesLineSchema = z.object({
  second: count,
  offered: count,
  completed: count,
  failed: count,
  p50Us: z.number(),
  p99Us: z.number(),
  maxUs: z.number(),
  lagP99Us: z.number(),
  live: count,
  idle: count,
  dialing: count,
  waiting: count,
  rssBytes: count,
  heapBytes: count,
  cpuPercent: z.number(),
  /** What was changed by hand in this second, in words. */
  changes: z.array(z.string()).optional(),
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
    socket: z.enum(["node", "bun", "deno"]),
  }),
  /** The resolved scenario, secrets masked. */
  plan: z.looseObject({ name: z.string(), description: z.string() }),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  outcome: z.enum(["completed", "stopped", "interrupted"]),
  /** Why the run did not complete, in one sentence; empty where it did. */
  outcomeReason: z.string(),
  /** offered = completed + failed + inFlight + unsent; unsent: due, but never given a connection. */
  requests: z.object({
    offered: count,
    completed: count,
    failed: count,
    inFlight: count,
    unsent: count,
    retried: count,
    byStatus: byCode,
    byError: byCode,
  }),
  /** Each of several requests, in the plan's order; response in µs. Left out where the plan has one. */
  byRequest: z.array(z.object({
    name: z.string(),
    offered: count,
    completed: count,
    failed: count,
    byStatus: byCode,
    byError: byCode,
    response: latencySchema,
  })).optional(),
  /** What was offered and not counted in any other figure: before the run, and after it. Left out where nothing was. */
  warmup: z.object({ offered: count }).optional(),
  cooldown: z.object({ offered: count }).optional(),
  /** target: null in a closed loop; the mean until the run's end where the rate changes. */
  rps: z.object({ target: z.number().nullable(), achieved: z.number() }),
  bytes: z.object({ sent: count, received: count }),
  latencyUs: z.object({
    response: latencySchema,
    service: latencySchema,
    lag: latencySchema,
    connect: latencySchema,
    firstByte: latencySchema,
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
  }),
  memory: z.object({
    rssBytes: startPeakEnd,
    heapBytes: startPeakEnd,
    externalBytes: startPeakEnd,
    /** What each held body costs: the slope of RSS over that of connections, else (end − start) / held; null without held bodies. */
    rssBytesPerHeld: z.number().nullable(),
  }),
  leak: z.object({
    verdict: z.enum(["leaking", "clean", "inconclusive"]),
    /** The verdict in one plain sentence, with the mechanism. */
    reason: z.string(),
    connectionsPerRequest: slopeSchema.nullable(),
    rssBytesPerRequest: slopeSchema.nullable(),
  }),
  generator: z.object({
    verdict: z.enum(["healthy", "saturated"]),
    reason: z.string(),
    cpuUsPerRequest: z.number(),
    /** How late a 10 ms timer fired, in µs. */
    loopDelayUs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  }),
  series: z.array(seriesLineSchema),
});

export type Latency = z.infer<typeof latencySchema>;
export type Slope = z.infer<typeof slopeSchema>;
export type SeriesLine = z.infer<typeof seriesLineSchema>;
export type Result = z.infer<typeof resultSchema>;

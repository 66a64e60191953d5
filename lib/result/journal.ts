// The journal of a run, `loadgen/journal@1`: JSON lines, written as the run goes, which hold its result even if it is
// killed. First the head, then a line for each second, and last, if the run came to its end, how it ended.

import { z } from "zod";
import type { Ending } from "../load/ending.ts";
import type { Measurement, RunStart } from "../load/measurement.ts";
import { eachClock } from "../record/clocks.ts";
import type { Plan } from "../scenario/plan.ts";
import { maskPlan } from "../scenario/template/mask.ts";
import type { EncodedSecond } from "./encoded_second.ts";
import {
  byCode,
  count,
  footprintSchema,
  resultSchema,
  seriesLineSchema,
  socketCountsSchema,
  startPeakEnd,
  thresholdSchema,
  workerSchema,
} from "./result.ts";

const SCHEMA = "loadgen/journal@1";

/** A second has ten, or a few more if the event loop stood still. */
const MOST_SAMPLES = 10_000;

const latency = z.object({ max: z.number().nonnegative(), hdr: z.string() });

const censusSchema = z.object({
  live: count,
  dialing: count,
  inUse: count,
  idle: count,
  waiting: count,
  heldBodies: count.default(0),
  readLoops: byCode,
  writeLoops: byCode,
  totals: z.object({ dialed: count, reused: count, retried: count, closed: byCode }),
});

const stateSchema = z.object({
  durationMs: z.number().nonnegative(),
  answeredInGrace: count.default(0),
  rpsTarget: z.number().nonnegative().optional(),
  requests: resultSchema.shape.requests.omit({ retried: true, censored: true }),
  bytes: resultSchema.shape.bytes,
  census: censusSchema,
  live: startPeakEnd,
  waiting: startPeakEnd,
  heldBodies: startPeakEnd.default({ start: 0, peak: 0, end: 0 }),
  heldByRequest: z.array(count).default([]),
  ...footprintSchema.shape,
  cpuUs: z.number(),
  runnableUs: z.number(),
  workers: z.array(workerSchema.extend({ lateUs: z.number(), cpuUs: z.number().optional() })).optional(),
});

/** What became of one of several requests so far. */
const requestSchema = z.object({
  offered: count,
  completed: count,
  failed: count,
  held: count,
  censored: count,
  byStatus: byCode,
  byError: byCode,
  responseUs: latency,
  failuresUs: latency,
});

export const headSchema = z.object({
  schema: z.literal(SCHEMA),
  runtime: resultSchema.shape.runtime,
  /** The resolved scenario, secrets masked; of its load, what a summary asks for. */
  plan: z.looseObject({
    name: z.string(),
    description: z.string(),
    requests: z.array(z.looseObject({ name: z.string() })).min(1),
    load: z.looseObject({ rps: z.number().positive().optional() }),
    failOnLeak: z.boolean().default(false),
    thresholds: z.array(thresholdSchema.pick({ expression: true, kind: true, abort: true })),
  }),
  startedAt: z.iso.datetime(),
});

export const secondSchema = z.object({
  line: seriesLineSchema,
  lengthMs: z.number().nonnegative(),
  /** Of this second alone; `errorLatencyUs`, `loopDelayUs`, `byRequest` and `state` are of the run so far. */
  latencyUs: z.object(eachClock(() => latency)),
  errorLatencyUs: z.record(z.string(), latency),
  loopDelayUs: latency,
  byRequest: z.array(requestSchema).optional(),
  state: stateSchema,
  samples: z.array(z.tuple([count, count, count, count.default(0)])).max(MOST_SAMPLES),
});

/** What is open after the run is in no second. */
export const endingSchema = z.object({
  outcome: resultSchema.shape.outcome,
  reason: z.string(),
  /** The rule that ended the run. */
  stoppedBy: z.string().optional(),
  settled: z.object({
    durationMs: z.number().nonnegative(),
    census: censusSchema,
    heldByRequest: z.array(count),
    process: z.object({
      rssBytes: count,
      heapBytes: count,
      externalBytes: count,
      arrayBuffersBytes: count.optional(),
      descriptors: count.optional(),
      cpuUs: z.number(),
      runnableUs: z.number(),
    }),
  }).optional(),
  sockets: socketCountsSchema.optional(),
});

/** How a run ended and by which rule, and what was open after it. */
export type RunEnding = Ending & Partial<Pick<Measurement, "stoppedBy" | "settled" | "sockets">>;

/** The first line: what is known before the first request. */
export function journalHead(plan: Plan, { runtime, socket, startedAt }: RunStart): string {
  const { name, version, os, arch, cpus } = runtime;
  return line({
    schema: SCHEMA,
    runtime: { name, version, os, arch, cpus, socket },
    plan: maskPlan(plan),
    startedAt: startedAt.toISOString(),
  });
}

export function journalSecond(second: EncodedSecond): string {
  return line(second);
}

/** The last line, before the result is written: a result that cannot be written is still the one of a run that ended. */
export function journalEnding({ outcome, reason, stoppedBy, settled, sockets }: RunEnding): string {
  return line({ outcome, reason, stoppedBy, settled, sockets });
}

/** Whether a text that begins like this is a journal. */
export function isJournal(beginning: string): boolean {
  return beginning.startsWith(`{"schema":"${SCHEMA}"`);
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

// From a journal back to the result of its run, a line at a time: a journal may be larger than memory.

import type { Histogram, JsHistogram } from "hdr-histogram-js";
import type { z } from "zod";
import { formatSeconds } from "../core/units.ts";
import { Blocks } from "../load/account/blocks.ts";
import type { RequestAccount } from "../load/account/request_tally.ts";
import type { SeriesLine } from "../load/account/series.ts";
import { StateSamples } from "../load/slopes.ts";
import { CLOCKS, eachClock } from "../record/clocks.ts";
import { latencyHistogram } from "../record/latency_recorder.ts";
import type { Plan } from "../scenario/plan.ts";
import { UsageError } from "../scenario/usage_error.ts";
import { parseThreshold, type Threshold } from "../scenario/value/threshold.ts";
import type { EncodedLatency, EncodedSecond } from "./encoded_second.ts";
import { readHdr } from "./hdr.ts";
import { endingSchema, headSchema, type RunEnding, secondSchema } from "./journal.ts";
import type { Result } from "./result.ts";
import { summarizeMasked } from "./summary.ts";

type Head = z.infer<typeof headSchema>;
type ToldSecond = z.infer<typeof secondSchema>;

/** Eleven days: each second is kept as a line of the result's series. */
const MOST_SECONDS = 1_000_000;

const NOTHING = { start: 0, peak: 0, end: 0 };

/** The state of a run that was killed in its first second. */
const NOTHING_YET: EncodedSecond["state"] = {
  durationMs: 0,
  answeredInGrace: 0,
  requests: { offered: 0, completed: 0, failed: 0, inFlight: 0, unsent: 0, byStatus: {}, byError: {} },
  bytes: { sent: 0, received: 0 },
  census: {
    live: 0,
    dialing: 0,
    inUse: 0,
    idle: 0,
    waiting: 0,
    heldBodies: 0,
    readLoops: {},
    writeLoops: {},
    totals: { dialed: 0, reused: 0, retried: 0, closed: {} },
  },
  live: NOTHING,
  waiting: NOTHING,
  heldBodies: NOTHING,
  heldByRequest: [],
  rssBytes: NOTHING,
  heapBytes: NOTHING,
  externalBytes: NOTHING,
  cpuUs: 0,
  runnableUs: 0,
};

/**
 * Reads a journal (`loadgen/journal@1`: FILE.journal, which a killed run leaves beside the result that it was to write)
 * and returns what the run had measured by its last whole second. Takes the text or, if that is larger than memory, an
 * iterable of its lines without their ends. `where` is the journal's name in errors.
 *
 * Throws a `UsageError` with one line that names `where`, the line and the field if it is not a journal.
 */
export function readJournal(journal: string | Iterable<string>, where = "journal"): Result {
  // a last line without an end was cut off while it was written
  const lines = (typeof journal === "string" ? journal.split("\n").slice(0, -1) : journal)[Symbol.iterator]();
  const head = lines.next();
  if (head.done === true) {
    throw new UsageError(where, "expected the journal of a run, got a journal without its first line");
  }
  const reader = new JournalReader(where, head.value);
  for (let line = lines.next(); line.done !== true; line = lines.next()) reader.add(line.value);
  return reader.result();
}

/** Takes a journal's lines in their order. Throws a `UsageError` that names the file and the line if one is invalid. */
class JournalReader {
  readonly #where: string;
  readonly #head: Head;
  readonly #totals = eachClock((): Histogram => latencyHistogram(64));
  readonly #samples = new StateSamples();
  readonly #series: SeriesLine[] = [];
  readonly #blocks: Blocks = new Blocks();
  #state: EncodedSecond["state"];
  #errorLatency: Readonly<Record<string, JsHistogram>> = {};
  #loopDelay: JsHistogram | undefined = undefined;
  #byRequest: RequestAccount[] | undefined = undefined;
  #ending: RunEnding | undefined = undefined;
  #lines = 1;

  constructor(where: string, head: string) {
    this.#where = where;
    this.#head = this.#parse(headSchema, this.#json(head), "a journal's first line");
    this.#state = { ...NOTHING_YET, rpsTarget: this.#head.plan.load.rps };
  }

  /** Takes the next line, without its end. */
  add(text: string): void {
    this.#lines += 1;
    if (this.#ending !== undefined) throw this.#problem("expected no line after the run's end");
    const value = this.#json(text);
    const ending = endingSchema.safeParse(value);
    if (ending.success) this.#ending = ending.data;
    else this.#addSecond(this.#parse(secondSchema, value, "a second of a run"));
  }

  /** The result as far as the lines tell it: what ended after the last of them is not in it. */
  result(): Result {
    const { runtime: { socket, ...runtime }, plan, startedAt } = this.#head;
    const told = this.#series.length;
    return summarizeMasked({ ...(plan as unknown as Plan), thresholds: this.#thresholds() }, {
      ...(this.#ending ?? {
        outcome: "stopped",
        reason: `the run was killed after ${formatSeconds(told)}; recovered from its journal`,
      }),
      ...this.#state,
      runtime,
      socket,
      startedAt: new Date(startedAt),
      latency: this.#totals,
      stoppedBy: this.#ending?.stoppedBy,
      byRequest: this.#byRequest,
      errorLatency: this.#errorLatency,
      loopDelay: this.#loopDelay ?? latencyHistogram(),
      slopes: this.#samples,
      series: addingUpTo(this.#state.requests.offered, this.#series),
      blocks: this.#blocks.list(),
    });
  }

  /** Read anew: an expression says all that a rule is. */
  #thresholds(): Threshold[] {
    return this.#head.plan.thresholds.map(({ expression, kind, abort }, index) =>
      parseThreshold(expression, { field: `${this.#where}:1: plan.thresholds[${index}]`, kind, abort })
    );
  }

  #addSecond({ line, lengthMs, state, samples, latencyUs, errorLatencyUs, loopDelayUs, byRequest }: ToldSecond): void {
    const second = this.#series.length;
    if (line.second !== second) throw this.#problem(`expected second ${second}, got ${line.second}`);
    if (second === MOST_SECONDS) throw this.#problem(`expected ${MOST_SECONDS} seconds at most`);
    const told = { ...line, lengthMs: line.lengthMs ?? lengthMs };
    this.#series.push(told);
    this.#state = state;
    for (const sample of samples) this.#samples.add(sample);
    const intervals = eachClock((name) => this.#histogram(latencyUs[name], `latencyUs.${name}`));
    for (const name of CLOCKS) {
      if (intervals[name].totalCount > 0) this.#totals[name].add(intervals[name]);
    }
    this.#blocks.add(told, lengthMs, intervals);
    this.#errorLatency = Object.fromEntries(
      Object.entries(errorLatencyUs).map(([key, latency]) => [key, this.#histogram(latency, `errorLatencyUs.${key}`)]),
    );
    this.#loopDelay = this.#histogram(loopDelayUs, "loopDelayUs");
    if (byRequest !== undefined && byRequest.length !== this.#head.plan.requests.length) {
      throw this.#problem(`byRequest: expected one for each of the plan's requests, got ${byRequest.length}`);
    }
    this.#byRequest = byRequest?.map(({ responseUs, failuresUs, ...account }, index) => ({
      ...account,
      response: this.#histogram(responseUs, `byRequest[${index}].responseUs`),
      failures: this.#histogram(failuresUs, `byRequest[${index}].failuresUs`),
    }));
  }

  #histogram({ max, hdr }: EncodedLatency, field: string): JsHistogram {
    let histogram: JsHistogram;
    try {
      histogram = readHdr(hdr);
    } catch {
      throw this.#problem(`${field}.hdr: expected a compressed HdrHistogram`);
    }
    const { totalCount, maxValue, highestTrackableValue } = histogram;
    if (highestTrackableValue !== this.#totals.response.highestTrackableValue) {
      throw this.#problem(`${field}.hdr: expected values of up to an hour`);
    }
    if (totalCount === 0) return histogram;
    if (histogram.lowestEquivalentValue(max) !== histogram.lowestEquivalentValue(maxValue)) {
      throw this.#problem(`${field}.max: expected the histogram's, about ${maxValue}, got ${max}`);
    }
    histogram.maxValue = max;
    return histogram;
  }

  #json(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.#problem("expected JSON");
    }
  }

  #parse<T>(schema: z.ZodType<T>, value: unknown, expected: string): T {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const { path, message } = parsed.error.issues[0]!;
    const field = path.length === 0 ? "" : `${path.map(String).join(".")}: `;
    throw this.#problem(`expected ${expected}, but ${field}${message.replace(/^Invalid input: /, "")}`);
  }

  #problem(problem: string): UsageError {
    return new UsageError(`${this.#where}:${this.#lines}`, problem);
  }
}

/** What was due within the journal's last second and sent right after it is in the state: the last line has it, too. */
function addingUpTo(offered: number, series: readonly SeriesLine[]): SeriesLine[] {
  const told = series.reduce((sum, line) => sum + line.offered, 0);
  return series.map((line, index) =>
    index === series.length - 1 ? { ...line, offered: Math.max(0, line.offered + offered - told) } : line
  );
}

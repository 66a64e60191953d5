import type { Histogram } from "hdr-histogram-js";
import { type Clock, systemClock, type Timer } from "../core/clock.ts";
import { type ProcessSample, ProcessSampler } from "../record/process_sampler.ts";
import { runtimeInfo } from "../record/runtime_info.ts";
import { type Slope, SlopeSamples } from "../record/slope.ts";
import { isUnpaced, type Plan } from "../scenario/plan.ts";
import { type Clocks, intervalsOf, totalsOf } from "./account/account.ts";
import type { RequestAccount } from "./account/request_tally.ts";
import { Series, type SeriesLine } from "./account/series.ts";
import { AsideTeller } from "./aside_teller.ts";
import { type Ending, INTERRUPTED } from "./ending.ts";
import type { Progress } from "./progress.ts";
import type { RunControl } from "./run_control.ts";
import type { RunInputs } from "./run_inputs.ts";
import type { RunJournal, RunStart, RunState, StartPeakEnd, StateSample } from "./run_journal.ts";
import type { Shard } from "./shard/shard.ts";
import { ThreadShard } from "./shard/thread_shard.ts";
import { Steering } from "./steering.ts";
import { WorkerShards } from "./worker/worker_shards.ts";

export type { Pems, RunInputs } from "./run_inputs.ts";

const SAMPLE_MS = 100;

export interface RunOptions extends RunInputs {
  /** Called ten times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told of the run's start, and of each second once it is over. */
  readonly journal?: RunJournal | undefined;
  /** Called as the run begins, with the means to steer it. */
  readonly onControl?: ((control: RunControl) => void) | undefined;
  /** Asked after each second, with what the run has measured so far: a broken rule ends it, outcome "stopped". */
  readonly stopWhen?: ((soFar: Run) => BrokenRule | undefined) | undefined;
  /** Ends the run at once, outcome "interrupted". */
  readonly signal?: AbortSignal | undefined;
}

/** Why `stopWhen` ends a run. */
export interface BrokenRule {
  readonly rule: string;
  /** In a sentence. */
  readonly reason: string;
}

/** All that a run measured, in numbers. */
export interface Run extends Ending, RunStart, RunState {
  /** The rule by which `stopWhen` ended the run. */
  readonly stoppedBy: string | undefined;
  /** In the order of the plan's requests, where these are several and the run was seen to its end. */
  readonly byRequest?: readonly RequestAccount[] | undefined;
  /** What was offered without being counted, before and after the run. */
  readonly warmup?: { readonly offered: number } | undefined;
  readonly cooldown?: { readonly offered: number } | undefined;
  /** In µs. */
  readonly latency: Clocks<Histogram>;
  /** The response times of what failed, in µs, by the keys of `requests.byError`. */
  readonly errorLatency: Readonly<Record<string, Histogram>>;
  /** Undefined: too few samples to tell. */
  readonly connectionsPerRequest: Slope | undefined;
  readonly rssBytesPerRequest: Slope | undefined;
  /** How late a 10 ms timer fired, in µs. */
  readonly loopDelay: Histogram;
  readonly series: readonly SeriesLine[];
}

/**
 * Carries out a plan in this process, in this thread or in as many others as `plan.load.workers` says, and resolves with
 * what it measured; a run that ends early resolves as well, and says so in `outcome`. `plan.baseUrl` must be set where
 * requests have paths. Throws a `TransportError` for a request that cannot be encoded, and for a proxy whose address is
 * none; a `UsageError` for a template that cannot be filled.
 */
export async function runLoad(plan: Plan, options: RunOptions = {}): Promise<Run> {
  const steered = options.onControl !== undefined;
  const shard: Shard = plan.load.workers > 1
    ? await WorkerShards.open(plan, options, steered)
    : await ThreadShard.open(plan, options, steered);
  const { signal } = options;
  const interrupt = (): void => shard.stop(INTERRUPTED);
  signal?.addEventListener("abort", interrupt);
  try {
    const early = await aside("warming up", shard.warmUp(), plan, shard, options);
    const run = await new LoadRun(plan, options, shard).run(signal?.aborted ? INTERRUPTED : early);
    const cooled = shard.cooledDown();
    return {
      ...run,
      warmup: shard.warmedUp === undefined ? undefined : { offered: shard.warmedUp },
      cooldown: cooled && { offered: await aside("cooling down", cooled, plan, shard, options) },
    };
  } finally {
    signal?.removeEventListener("abort", interrupt);
    await shard.close();
  }
}

/** Tells, until it is over, that a load goes on that is not measured. */
async function aside<T>(what: string, load: Promise<T>, plan: Plan, shard: Shard, options: RunOptions): Promise<T> {
  if (options.signal?.aborted) shard.stop(INTERRUPTED);
  const teller = options.onProgress && new AsideTeller(what, plan, shard.counts, options.onProgress);
  try {
    return await load;
  } finally {
    teller?.stop();
  }
}

class Range implements StartPeakEnd {
  readonly start: number;
  peak: number;
  end: number;

  constructor(start: number) {
    this.start = this.peak = this.end = start;
  }

  add(value: number): void {
    this.end = value;
    if (value > this.peak) this.peak = value;
  }
}

class LoadRun {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #clock: Clock = systemClock;
  readonly #shard: Shard;
  readonly #start: RunStart;
  readonly #sampler = new ProcessSampler();
  readonly #slopes = new SlopeSamples(2);
  readonly #first: ProcessSample;
  #stoppedBy: string | undefined = undefined;
  readonly #series: Series;
  /** Given where somebody asked for it. */
  readonly #steering: Steering | undefined;
  readonly #live: Range;
  readonly #waiting = new Range(0);
  readonly #rss: Range;
  readonly #heap: Range;
  readonly #external: Range;
  #timer: Timer | undefined = undefined;
  #last: ProcessSample;
  /** How many seconds are over; the series may wait for some of them. */
  #seconds = 0;
  /** Since the last second that the journal was told of; without a journal there are none. */
  #samples: StateSample[] = [];
  /** Completed at each of the last ten samples: the rate of the last second. */
  readonly #recent: { elapsedMs: number; completed: number }[] = [];

  constructor(plan: Plan, options: RunOptions, shard: Shard) {
    this.#plan = plan;
    this.#options = options;
    this.#shard = shard;
    this.#start = { runtime: runtimeInfo(), socket: shard.socket, startedAt: new Date() };
    this.#live = new Range(shard.counts.inUse + shard.counts.idle);
    this.#steering = options.onControl &&
      new Steering(shard, plan.load.pipeline > 1, (change) => this.#series.mark(change));
    this.#first = this.#last = this.#sampler.sample();
    const { journal } = options;
    const onLine = journal === undefined
      ? undefined
      : (line: SeriesLine, lengthMs: number) => this.#tellSecond(journal, line, lengthMs);
    const from = shard.runnableUs === undefined ? this.#first : { ...this.#first, runnableUs: shard.runnableUs };
    this.#series = new Series(shard.account, shard.loopDelay, from, isUnpaced(plan.load), onLine);
    this.#rss = new Range(this.#first.rssBytes);
    this.#heap = new Range(this.#first.heapBytes);
    this.#external = new Range(this.#first.externalBytes);
  }

  /** `early` is how the load before it ended early: then nothing is sent. */
  async run(early: Ending | undefined): Promise<Run> {
    this.#options.journal?.begin(this.#start);
    this.#shard.start(early);
    this.#armSampling();
    if (this.#steering !== undefined) this.#options.onControl!(this.#steering);
    try {
      return this.#conclude(await this.#shard.ended);
    } finally {
      this.#timer?.clear();
      this.#sampler.close();
    }
  }

  /** The samples fall on the schedule's own tenths of a second, so that a line of the series is a second of the schedule. */
  #armSampling(): void {
    const elapsedMs = this.#shard.elapsedMs();
    const nextMs = (Math.floor(elapsedMs / SAMPLE_MS) + 1) * SAMPLE_MS;
    this.#timer = this.#clock.setTimer(nextMs - elapsedMs, () => {
      const now = this.#shard.dispatchDue();
      const sample = this.#sample();
      this.#foldUntil(now, sample);
      this.#tellProgress(now, sample);
      this.#armSampling();
    });
  }

  #sample(): ProcessSample {
    const sample = this.#sampler.sample();
    const { inUse, idle, waiting } = this.#shard.counts;
    this.#live.add(inUse + idle);
    this.#waiting.add(waiting);
    this.#rss.add(sample.rssBytes);
    this.#heap.add(sample.heapBytes);
    this.#external.add(sample.externalBytes);
    const { completed } = this.#shard.requests;
    this.#slopes.add(completed, inUse + idle, sample.rssBytes);
    if (this.#options.journal !== undefined) this.#samples.push([completed, inUse + idle, sample.rssBytes]);
    this.#last = sample;
    return sample;
  }

  /** A line for each second that has passed; more than one only where the event loop stood still. */
  #foldUntil(elapsedMs: number, sample: ProcessSample): void {
    while (elapsedMs >= (this.#seconds + 1) * 1000) {
      this.#seconds += 1;
      const endMs = this.#seconds * 1000;
      const { dialing, inUse, idle, waiting } = this.#shard.counts;
      this.#shard.endSecond(() => {
        const counts = { dialing, inUse, idle, waiting };
        this.#fold(Math.max(endMs, elapsedMs), this.#offeredBefore(endMs), sample, counts);
        this.#askWhetherToStop();
      });
    }
  }

  #fold(elapsedMs: number, offered: number, sample: ProcessSample, counts: Shard["counts"]): void {
    const { runnableUs = sample.runnableUs, lateUs } = this.#shard;
    const oldestMs = this.#shard.oldestUnfinishedMs();
    this.#series.fold({ elapsedMs, offered, sample: { ...sample, runnableUs }, counts, lateUs, oldestMs });
  }

  #askWhetherToStop(): void {
    const { stopWhen } = this.#options;
    if (stopWhen === undefined || !this.#shard.dispatching) return;
    const broken = stopWhen(this.#measured({ outcome: "stopped", reason: "" }));
    if (broken === undefined) return;
    this.#stoppedBy = broken.rule;
    this.#shard.stop({ outcome: "stopped", reason: broken.reason });
  }

  /** Requests due by an instant: the schedule's word where there is one, so that what was sent since moves none to this second. */
  #offeredBefore(elapsedMs: number): number {
    const { schedule, account } = this.#shard;
    return Math.min(account.offered, schedule?.dueBefore(elapsedMs) ?? Infinity);
  }

  #tellProgress(elapsedMs: number, sample: ProcessSample): void {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return;
    const { offered, completed, failed } = this.#shard.requests;
    const { inUse, idle, dialing, waiting } = this.#shard.counts;
    this.#recent.push({ elapsedMs, completed });
    if (this.#recent.length > 11) this.#recent.shift();
    const { schedule, dispatchedForMs } = this.#shard;
    const midSecondMs = Math.max(0, dispatchedForMs - 500); // as `rpsNow` is that of the last second
    const since = this.#recent.length > 1 ? this.#recent[0]! : { elapsedMs: 0, completed: 0 };
    onProgress({
      elapsedMs,
      totalMs: this.#plan.load.durationMs ?? (this.#plan.load.timestamps === undefined ? undefined : schedule?.endMs),
      requestsTotal: this.#plan.load.requests,
      offered,
      completed,
      failed,
      rpsNow: ((completed - since.completed) * 1000) / Math.max(1, elapsedMs - since.elapsedMs),
      rpsTarget: schedule?.rpsAt(midSecondMs),
      live: inUse + idle,
      dialing,
      waiting,
      rssBytes: sample.rssBytes,
    });
  }

  /** Where the rate changes, it is what was due by the end; a run may end early. */
  #rpsTarget(): number | undefined {
    const { schedule, dispatchedForMs, account } = this.#shard;
    const { rps, stages } = this.#plan.load;
    if (schedule === undefined || (rps !== undefined && stages === undefined)) return rps;
    if (dispatchedForMs === 0) return schedule.rps;
    return (Math.max(account.offered, schedule.dueBefore(dispatchedForMs)) * 1000) / dispatchedForMs;
  }

  #conclude(ending: Ending): Run {
    const { account } = this.#shard;
    const last = this.#sample();
    const elapsedMs = this.#shard.elapsedMs();
    this.#foldUntil(elapsedMs, last);
    this.#shard.settle();
    const lines = this.#series.lines;
    const told = lines.reduce((sum, line) => sum + line.completed + line.failed, 0);
    const offered = lines.reduce((sum, line) => sum + line.offered, 0);
    const { censored } = account.clocks;
    const untold = told < account.completed + account.failed || offered < account.offered || this.#series.marked ||
      censored.interval.totalCount > 0;
    if (untold || lines.length === 0) {
      this.#fold(elapsedMs, account.offered, last, this.#shard.counts);
    }
    return this.#measured(ending);
  }

  #measured(ending: Ending): Run {
    const { account, loopDelay } = this.#shard;
    const slopes = this.#slopes;
    let connections: Slope | undefined;
    let rss: Slope | undefined;
    return {
      ...ending,
      stoppedBy: this.#stoppedBy,
      ...this.#start,
      ...this.#state(),
      latency: totalsOf(account),
      errorLatency: account.errorLatencies(),
      // worked out where somebody asks: it takes milliseconds
      get connectionsPerRequest() {
        return connections ??= slopes.slope(0);
      },
      get rssBytesPerRequest() {
        return rss ??= slopes.slope(1);
      },
      byRequest: this.#plan.requests.length === 1 ? undefined : account.byRequest(this.#plan.requests.length),
      loopDelay: loopDelay.total,
      series: this.#series.lines,
    };
  }

  #tellSecond(journal: RunJournal, line: SeriesLine, lengthMs: number): void {
    const { account, loopDelay } = this.#shard;
    const samples = this.#samples;
    this.#samples = [];
    journal.second({
      line,
      lengthMs,
      latency: intervalsOf(account),
      state: this.#state(),
      samples,
      errorLatency: account.errorLatencies(),
      loopDelay: loopDelay.total,
    });
  }

  #state(): RunState {
    const { account, dispatchedForMs, workers, runnableUs } = this.#shard;
    const { offered, completed, failed, inFlight, unsent } = account;
    const { bytesSent, bytesReceived } = this.#shard.traffic();
    return {
      durationMs: dispatchedForMs,
      rpsTarget: this.#rpsTarget(),
      requests: {
        offered,
        completed,
        failed,
        inFlight,
        unsent,
        byStatus: account.byStatus(),
        byError: account.byError(),
      },
      bytes: { sent: bytesSent, received: bytesReceived },
      census: this.#shard.census(),
      live: this.#live,
      waiting: this.#waiting,
      rssBytes: this.#rss,
      heapBytes: this.#heap,
      externalBytes: this.#external,
      cpuUs: this.#last.cpuUs - this.#first.cpuUs,
      runnableUs: runnableUs ?? this.#last.runnableUs - this.#first.runnableUs,
      ...(workers !== undefined && { workers }),
    };
  }
}

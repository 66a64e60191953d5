import type { Histogram } from "hdr-histogram-js";
import { type Clock, systemClock, type Timer } from "../core/clock.ts";
import { LoopDelay } from "../record/loop_delay.ts";
import { type ProcessSample, ProcessSampler } from "../record/process_sampler.ts";
import { runtimeInfo } from "../record/runtime_info.ts";
import { type Slope, SlopeSamples } from "../record/slope.ts";
import { isOpenLoop, isUnpaced, type Plan } from "../scenario/plan.ts";
import type { Census } from "../transport/census.ts";
import type { Transport } from "../transport/transport.ts";
import { type Engine, openEngine } from "./engine.ts";
import { type Ending, Generator } from "./generator.ts";
import type { Pacer } from "./pacer.ts";
import type { Progress } from "./progress.ts";
import type { RequestAccount } from "./request_tally.ts";
import type { RunInputs } from "./run_inputs.ts";
import type { RunJournal, RunStart, RunState, StartPeakEnd, StateSample } from "./run_journal.ts";
import type { RunControl } from "./run_control.ts";
import { liveScheduleOf, scheduleOf } from "./schedule/schedule_of.ts";
import { Series, type SeriesLine } from "./series.ts";
import { SideLoad } from "./side_load.ts";
import { startPacer } from "./start_pacer.ts";
import { Steering } from "./steering.ts";
import type { Clocks } from "./tally.ts";

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
 * Carries out a plan in this process and resolves with what it measured; a run that ends early resolves as well, and
 * says so in `outcome`. `plan.baseUrl` must be set where requests have paths. Throws a `TransportError` for a request that
 * cannot be encoded, and for a proxy whose address is none; a `UsageError` for a template that cannot be filled.
 */
export async function runLoad(plan: Plan, options: RunOptions = {}): Promise<Run> {
  const engine = openEngine(plan, options, options.onControl !== undefined);
  const warmup = SideLoad.warmup(plan, engine, options);
  let pacer: Pacer | undefined;
  try {
    // the pacer's thread is up before the first sample: its memory is none of the run's, and t0 does not wait for it
    pacer = await startPacer(isOpenLoop(plan.load) ? plan.load.pacing : "economy", systemClock);
    const early = await warmup?.run("warming up");
    const run = await new LoadRun(plan, options, engine, pacer).run(early);
    return warmup === undefined ? run : { ...run, warmup: { offered: warmup.offered } };
  } finally {
    warmup?.stop();
    pacer?.stop();
    await engine.transport.close();
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
  readonly #engine: Engine;
  readonly #transport: Transport;
  /** Before this run, by the load that warmed up. */
  readonly #earlier: Pick<Census, "totals"> & Pick<Run, "bytes">;
  readonly #start: RunStart;
  readonly #generator: Generator;
  readonly #sampler = new ProcessSampler();
  readonly #loopDelay: LoopDelay;
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
  /** Since the last second that the journal was told of; without a journal there are none. */
  #samples: StateSample[] = [];
  /** Completed at each of the last ten samples: the rate of the last second. */
  readonly #recent: { elapsedMs: number; completed: number }[] = [];

  constructor(plan: Plan, options: RunOptions, engine: Engine, pacer: Pacer) {
    this.#plan = plan;
    this.#options = options;
    this.#engine = engine;
    this.#transport = engine.transport;
    this.#start = { runtime: runtimeInfo(), socket: engine.socket, startedAt: new Date() };
    const { traffic: { bytesSent, bytesReceived }, counts } = this.#transport;
    this.#earlier = { totals: this.#transport.census().totals, bytes: { sent: bytesSent, received: bytesReceived } };
    this.#live = new Range(counts.inUse + counts.idle);
    const steered = options.onControl === undefined ? undefined : liveScheduleOf(plan.load, options.timestampsMs);
    const schedule = steered ?? scheduleOf(plan.load, options.timestampsMs);
    this.#generator = new Generator(plan, engine.driver, engine.limits, pacer, this.#clock, schedule);
    this.#steering = options.onControl &&
      new Steering(this.#generator, steered, (change) => this.#series.mark(change));
    this.#loopDelay = new LoopDelay(this.#clock);
    this.#first = this.#last = this.#sampler.sample();
    const { journal } = options;
    const onLine = journal === undefined
      ? undefined
      : (line: SeriesLine, lengthMs: number) => this.#tellSecond(journal, line, lengthMs);
    this.#series = new Series(
      this.#generator.tally,
      this.#transport.counts,
      this.#loopDelay.recorder,
      this.#first,
      isUnpaced(plan.load),
      onLine,
    );
    this.#rss = new Range(this.#first.rssBytes);
    this.#heap = new Range(this.#first.heapBytes);
    this.#external = new Range(this.#first.externalBytes);
  }

  /** `early` is how the load before it ended early: then nothing is sent. */
  async run(early: Ending | undefined): Promise<Run> {
    const interrupt = () => this.#generator.stop({ outcome: "interrupted", reason: "" });
    const { signal } = this.#options;
    const cooldown = this.#cooldown();
    signal?.addEventListener("abort", interrupt);
    this.#options.journal?.begin(this.#start);
    this.#loopDelay.start();
    if (early === undefined) this.#generator.start();
    else this.#generator.stop(early);
    this.#armSampling();
    if (this.#steering !== undefined) this.#options.onControl!(this.#steering);
    if (signal?.aborted) interrupt();
    try {
      const run = this.#conclude(await this.#generator.ended);
      if (cooldown === undefined) return run;
      this.#timer?.clear();
      return { ...run, cooldown: { offered: await cooldown.over() } };
    } finally {
      signal?.removeEventListener("abort", interrupt);
      cooldown?.load.stop();
      this.#timer?.clear();
      this.#loopDelay.stop();
      this.#sampler.close();
    }
  }

  /** The load after this one begins as this one has sent its last request. */
  #cooldown() {
    const { signal, timestampsMs, onProgress } = this.#options;
    let concluded = false;
    let running: Promise<unknown> | undefined;
    const load = SideLoad.cooldown(this.#plan, this.#engine, {
      signal,
      timestampsMs,
      onProgress: (progress) => concluded ? onProgress?.(progress) : undefined,
    });
    if (load === undefined) return undefined;
    this.#generator.onDispatchEnd = ({ outcome }) => {
      if (outcome === "completed") running = load.run("cooling down");
    };
    const over = async () => {
      concluded = true;
      await running;
      return load.offered;
    };
    return { load, over };
  }

  /** The samples fall on the schedule's own tenths of a second, so that a line of the series is a second of the schedule. */
  #armSampling(): void {
    const elapsedMs = this.#generator.elapsedMs();
    const nextMs = (Math.floor(elapsedMs / SAMPLE_MS) + 1) * SAMPLE_MS;
    this.#timer = this.#clock.setTimer(nextMs - elapsedMs, () => {
      const now = this.#generator.dispatchDue();
      const sample = this.#sample();
      if (now >= (this.#series.second + 1) * 1000) {
        this.#foldUntil(now, sample);
        this.#askWhetherToStop();
      }
      this.#tellProgress(now, sample);
      this.#armSampling();
    });
  }

  #sample(): ProcessSample {
    const sample = this.#sampler.sample();
    const { inUse, idle, waiting } = this.#transport.counts;
    this.#live.add(inUse + idle);
    this.#waiting.add(waiting);
    this.#rss.add(sample.rssBytes);
    this.#heap.add(sample.heapBytes);
    this.#external.add(sample.externalBytes);
    const { completed } = this.#generator.tally;
    this.#slopes.add(completed, inUse + idle, sample.rssBytes);
    if (this.#options.journal !== undefined) this.#samples.push([completed, inUse + idle, sample.rssBytes]);
    this.#last = sample;
    return sample;
  }

  /** A line for each second that has passed; more than one only where the event loop stood still. */
  #foldUntil(elapsedMs: number, sample: ProcessSample): void {
    while (elapsedMs >= (this.#series.second + 1) * 1000) {
      const endMs = (this.#series.second + 1) * 1000;
      this.#series.fold({
        elapsedMs: Math.max(endMs, elapsedMs),
        offered: this.#offeredBefore(endMs),
        sample,
        oldestMs: this.#generator.oldestUnfinishedMs(),
      });
    }
  }

  #askWhetherToStop(): void {
    const { stopWhen } = this.#options;
    if (stopWhen === undefined || !this.#generator.dispatching) return;
    const broken = stopWhen(this.#measured({ outcome: "stopped", reason: "" }));
    if (broken === undefined) return;
    this.#stoppedBy = broken.rule;
    this.#generator.stop({ outcome: "stopped", reason: broken.reason });
  }

  /** Requests due by an instant: the schedule's word where there is one, so that what was sent since moves none to this second. */
  #offeredBefore(elapsedMs: number): number {
    const { schedule, tally } = this.#generator;
    return Math.min(tally.offered, schedule?.dueBefore(elapsedMs) ?? Infinity);
  }

  #tellProgress(elapsedMs: number, sample: ProcessSample): void {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return;
    const { tally } = this.#generator;
    const { inUse, idle, dialing, waiting } = this.#transport.counts;
    this.#recent.push({ elapsedMs, completed: tally.completed });
    if (this.#recent.length > 11) this.#recent.shift();
    const { schedule, dispatchedForMs } = this.#generator;
    const midSecondMs = Math.max(0, dispatchedForMs - 500); // as `rpsNow` is that of the last second
    const since = this.#recent.length > 1 ? this.#recent[0]! : { elapsedMs: 0, completed: 0 };
    onProgress({
      elapsedMs,
      totalMs: this.#plan.load.durationMs ?? (this.#plan.load.timestamps === undefined ? undefined : schedule?.endMs),
      requestsTotal: this.#plan.load.requests,
      offered: tally.offered,
      completed: tally.completed,
      failed: tally.failed,
      rpsNow: ((tally.completed - since.completed) * 1000) / Math.max(1, elapsedMs - since.elapsedMs),
      rpsTarget: schedule?.rpsAt(midSecondMs),
      live: inUse + idle,
      dialing,
      waiting,
      rssBytes: sample.rssBytes,
    });
  }

  /** Where the rate changes, it is what was due by the end; a run may end early. */
  #rpsTarget(): number | undefined {
    const { schedule, dispatchedForMs, tally } = this.#generator;
    const { rps, stages } = this.#plan.load;
    if (schedule === undefined || (rps !== undefined && stages === undefined)) return rps;
    if (dispatchedForMs === 0) return schedule.rps;
    return (Math.max(tally.offered, schedule.dueBefore(dispatchedForMs)) * 1000) / dispatchedForMs;
  }

  #conclude(ending: Ending): Run {
    const { tally } = this.#generator;
    const last = this.#sample();
    const elapsedMs = this.#generator.elapsedMs();
    this.#foldUntil(elapsedMs, last);
    const lines = this.#series.lines;
    const told = lines.reduce((sum, line) => sum + line.completed + line.failed, 0);
    const offered = lines.reduce((sum, line) => sum + line.offered, 0);
    const { censored } = tally.clocks;
    const untold = told < tally.completed + tally.failed || offered < tally.offered || this.#series.marked ||
      censored.interval.totalCount > 0;
    if (untold || lines.length === 0) {
      const oldestMs = this.#generator.oldestUnfinishedMs();
      this.#series.fold({ elapsedMs, offered: tally.offered, sample: last, oldestMs });
    }
    return this.#measured(ending);
  }

  #measured(ending: Ending): Run {
    const { tally } = this.#generator;
    const slopes = this.#slopes;
    let connections: Slope | undefined;
    let rss: Slope | undefined;
    return {
      ...ending,
      stoppedBy: this.#stoppedBy,
      ...this.#start,
      ...this.#state(),
      latency: tally.totals(),
      errorLatency: tally.errors.latencies(),
      // worked out where somebody asks: it takes milliseconds
      get connectionsPerRequest() {
        return connections ??= slopes.slope(0);
      },
      get rssBytesPerRequest() {
        return rss ??= slopes.slope(1);
      },
      byRequest: this.#plan.requests.length === 1
        ? undefined
        : this.#plan.requests.map((_, index) => tally.ofRequest(index).account()),
      loopDelay: this.#loopDelay.recorder.total,
      series: this.#series.lines,
    };
  }

  #tellSecond(journal: RunJournal, line: SeriesLine, lengthMs: number): void {
    const { tally } = this.#generator;
    const samples = this.#samples;
    this.#samples = [];
    journal.second({
      line,
      lengthMs,
      latency: tally.intervals(),
      state: this.#state(),
      samples,
      errorLatency: tally.errors.latencies(),
      loopDelay: this.#loopDelay.recorder.total,
    });
  }

  #state(): RunState {
    const { tally } = this.#generator;
    return {
      durationMs: this.#generator.dispatchedForMs,
      rpsTarget: this.#rpsTarget(),
      requests: {
        offered: tally.offered,
        completed: tally.completed,
        failed: tally.failed,
        inFlight: tally.inFlight,
        unsent: tally.unsent,
        byStatus: tally.byStatus(),
        byError: tally.errors.counts(),
      },
      bytes: {
        sent: this.#transport.traffic.bytesSent - this.#earlier.bytes.sent,
        received: this.#transport.traffic.bytesReceived - this.#earlier.bytes.received,
      },
      census: this.#census(),
      live: this.#live,
      waiting: this.#waiting,
      rssBytes: this.#rss,
      heapBytes: this.#heap,
      externalBytes: this.#external,
      cpuUs: this.#last.cpuUs - this.#first.cpuUs,
      runnableUs: this.#last.runnableUs - this.#first.runnableUs,
    };
  }
  /** The transport's, without what it did before this run. */
  #census(): Census {
    const { totals: { dialed, reused, retried, closed }, ...now } = this.#transport.census();
    const before = this.#earlier.totals;
    return {
      ...now,
      totals: {
        dialed: dialed - before.dialed,
        reused: reused - before.reused,
        retried: retried - before.retried,
        closed: Object.fromEntries(
          Object.entries(closed).map(([reason, count]) => [reason, count - (before.closed[reason] ?? 0)] as const)
            .filter(([, count]) => count > 0),
        ),
      },
    };
  }
}

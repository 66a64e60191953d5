// The measured part of a run: samples a load ten times a second, folds each second once it is over, tells the observers,
// and ends the load where a rule of the plan says so. What is sent, and from where, is the shard's.

import { type Clock, systemClock, type Timer } from "../core/clock.ts";
import type { ProcessSample } from "../record/process_sampler.ts";
import { isUnpaced, type Plan } from "../scenario/plan.ts";
import type { RequestAccount } from "./account/request_tally.ts";
import { intervalsOf, totalsOf } from "./account/account.ts";
import { Blocks } from "./account/blocks.ts";
import { standingOf } from "./account/engine_counts.ts";
import { Series, type SeriesLine } from "./account/series.ts";
import type { Ending } from "./ending.ts";
import { maskPlan } from "../scenario/template/mask.ts";
import { stopRuleOf, type StopWhen } from "./judge/thresholds.ts";
import type { Measurement, RunStart } from "./measurement.ts";
import type { Observers } from "./observers.ts";
import { ProgressMeter } from "./progress_meter.ts";
import type { RunControl } from "./run_control.ts";
import { runStateOf } from "./run_state.ts";
import { Sampling } from "./sampling.ts";
import type { Shard, Standing } from "./shard/shard.ts";

const SAMPLE_MS = 100;

/** Whoever steers the run, as far as measuring asks. */
type Hand = Pick<RunControl, "paused">;

export class Measuring {
  readonly #plan: Plan;
  readonly #observers: Observers;
  readonly #clock: Clock;
  readonly #shard: Shard;
  readonly #start: RunStart;
  readonly #sampling: Sampling;
  readonly #progress: ProgressMeter;
  readonly #series: Series;
  readonly #blocks: Blocks = new Blocks();
  readonly #stopWhen: StopWhen | undefined;
  /** Undefined: nobody steers. */
  #hand: Hand | undefined = undefined;
  #stoppedBy: string | undefined = undefined;
  #timer: Timer | undefined = undefined;
  /** How many seconds are over; the series may wait for some of them. */
  #seconds = 0;

  constructor(plan: Plan, shard: Shard, observers: Observers, clock: Clock = systemClock) {
    this.#plan = plan;
    this.#observers = observers;
    this.#shard = shard;
    this.#clock = clock;
    this.#start = { runtime: shard.runtime, socket: shard.socket, startedAt: new Date() };
    this.#sampling = new Sampling(shard, observers.wantSeconds);
    this.#progress = new ProgressMeter(plan, shard);
    this.#stopWhen = stopRuleOf(maskPlan(plan)); // it says rules in words
    const { first } = this.#sampling;
    const from = shard.runnableUs === undefined ? first : { ...first, runnableUs: shard.runnableUs };
    this.#series = new Series(shard.account, shard.loopDelay, from, isUnpaced(plan.load), (line) => {
      this.#blocks.add(line, line.lengthMs, intervalsOf(shard.account));
      if (observers.wantSeconds) this.#tellSecond(line);
    });
  }

  /** Notes a change in the second under way. */
  mark(change: string): void {
    this.#series.mark(change);
  }

  /** `early` is how the load before it ended early: then nothing is sent. */
  async run(early: Ending | undefined, onStart: () => Hand | undefined): Promise<Measurement> {
    this.#observers.begin(this.#start);
    this.#shard.start(early);
    this.#armSampling();
    this.#hand = onStart();
    try {
      return this.#conclude(await this.#shard.ended);
    } finally {
      this.#timer?.clear();
    }
  }

  /** The samples fall on the schedule's own tenths of a second, so that a line of the series is a second of the schedule. */
  #armSampling(): void {
    const elapsedMs = this.#shard.elapsedMs();
    const nextMs = (Math.floor(elapsedMs / SAMPLE_MS) + 1) * SAMPLE_MS;
    this.#timer = this.#clock.setTimer(nextMs - elapsedMs, () => {
      const now = this.#shard.dispatchDue();
      const sample = this.#sampling.sample();
      this.#foldUntil(now, sample);
      if (this.#observers.wantTicks) {
        this.#observers.tick(this.#progress.read(now, sample.rssBytes, this.#hand?.paused === true));
      }
      this.#armSampling();
    });
  }

  /** A line for each second that has passed; more than one only where the event loop stood still. */
  #foldUntil(elapsedMs: number, sample: ProcessSample): void {
    while (elapsedMs >= (this.#seconds + 1) * 1000) {
      this.#seconds += 1;
      const endMs = this.#seconds * 1000;
      const here = { elapsedMs, sample, counts: standingOf(this.#shard.counts) };
      this.#shard.endSecond((told = here) => {
        this.#fold({ ...told, elapsedMs: Math.max(endMs, told.elapsedMs) }, this.#offeredBefore(endMs));
        this.#heedRules();
      });
    }
  }

  #fold({ elapsedMs, sample, counts }: Standing, offered: number): void {
    const { runnableUs = sample.runnableUs, lateUs, dispatchedForMs } = this.#shard;
    const oldestMs = this.#shard.oldestUnfinishedMs();
    const busy = { ...sample, runnableUs };
    const line = this.#series.fold({ elapsedMs, dispatchedForMs, offered, sample: busy, counts, lateUs, oldestMs });
    if (this.#observers.wantTicks) this.#progress.endSecond(line, this.#shard.account);
  }

  /** Ends the load where it has broken a rule that may end it. */
  #heedRules(): void {
    if (this.#stopWhen === undefined || !this.#shard.dispatching) return;
    const broken = this.#stopWhen(this.#measured({ outcome: "stopped", reason: "" }));
    if (broken === undefined) return;
    this.#stoppedBy = broken.rule;
    this.#shard.stop({ outcome: "stopped", reason: broken.reason });
  }

  /** Requests due by an instant: the schedule's word where there is one, so that what was sent since moves none to this second. */
  #offeredBefore(elapsedMs: number): number {
    const { schedule, account } = this.#shard;
    return Math.min(account.offered, schedule?.dueBefore(elapsedMs) ?? Infinity);
  }

  #conclude(ending: Ending): Measurement {
    const { account } = this.#shard;
    const last = this.#sampling.sample();
    const elapsedMs = this.#shard.elapsedMs();
    this.#foldUntil(elapsedMs, last);
    this.#shard.conclude();
    const { lines } = this.#series;
    const told = lines.reduce((sum, line) => sum + line.completed + line.failed, 0);
    const offered = lines.reduce((sum, line) => sum + line.offered, 0);
    const { censored } = account.clocks;
    const untold = told < account.completed + account.failed || offered < account.offered || this.#series.marked ||
      censored.interval.totalCount > 0;
    if (untold || lines.length === 0) {
      this.#fold({ elapsedMs, sample: last, counts: this.#shard.counts }, account.offered);
    }
    return this.#measured(ending);
  }

  #measured(ending: Ending): Measurement {
    const { account, loopDelay } = this.#shard;
    return {
      ...ending,
      stoppedBy: this.#stoppedBy,
      ...this.#start,
      ...runStateOf(this.#plan, this.#shard, this.#sampling),
      latency: totalsOf(account),
      errorLatency: account.errorLatencies(),
      slopes: this.#sampling.samples,
      byRequest: this.#byRequest(),
      loopDelay: loopDelay.total,
      series: this.#series.lines,
      blocks: this.#blocks.list(),
    };
  }

  #byRequest(): RequestAccount[] | undefined {
    const { requests } = this.#plan;
    return requests.length === 1 ? undefined : this.#shard.account.byRequest(requests.length);
  }

  #tellSecond(line: SeriesLine): void {
    const { account, loopDelay } = this.#shard;
    this.#observers.second({
      line,
      lengthMs: line.lengthMs,
      latency: intervalsOf(account),
      state: runStateOf(this.#plan, this.#shard, this.#sampling),
      samples: this.#sampling.take(),
      errorLatency: account.errorLatencies(),
      byRequest: this.#byRequest(),
      loopDelay: loopDelay.total,
    });
  }
}

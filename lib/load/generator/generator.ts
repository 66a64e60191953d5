// What dispatches requests and accounts for each until it is done: the part that is the same whether requests have
// instants of their own (`open_loop.ts`) or follow each other (`closed_loop.ts`). Which request it is, and who sends it,
// a driver knows.

import type { Clock, Timer } from "../../core/clock.ts";
import type { BodyPolicy, Plan } from "../../scenario/plan.ts";
import { Tally } from "../account/tally.ts";
import type { Attempt, AttemptOwner, Failure } from "../driver/attempt.ts";
import type { Driver } from "../driver/driver.ts";
import type { Ending } from "../ending.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { StopRule } from "./stop_rule.ts";
import { Unfinished } from "./unfinished.ts";

const SECOND_MS = 1000;

export abstract class Generator implements AttemptOwner {
  readonly clock: Clock;
  readonly tally: Tally = new Tally();
  /** Of the first request; another one is every request's. */
  bodyPolicy: BodyPolicy;
  sentMs = 0;
  arrivedMs = 0;
  nowMs = 0;
  /** Resolves when nothing more will be sent, and what is in flight is done or its grace is over. */
  readonly ended: Promise<Ending>;
  /** Called when nothing more will be sent. */
  onDispatchEnd: ((ending: Ending) => void) | undefined = undefined;
  /** Called as each second of the schedule ends: what was due by its end is dispatched, and nothing that is due later. */
  onSecond: (() => void) | undefined = undefined;
  /** Undefined: closed loop. */
  abstract readonly schedule: Schedule | undefined;
  /** No more than this many requests are offered. */
  protected limit: number;
  /** When dispatching ends, since the beginning; Infinity: by count. */
  protected endMs: number;
  protected startedMs: number;
  /** When the second under way ends, since the beginning. */
  protected secondEndMs = SECOND_MS;
  readonly #driver: Driver;
  readonly #stopRule: StopRule;
  readonly #graceMs: number;
  readonly #unfinished: Unfinished;
  readonly #spare: Attempt[] = [];
  #dispatching = false;
  #dispatchedForMs = 0;
  #grace: Timer | undefined = undefined;
  #ending: Ending | undefined = undefined;
  #finished = false;
  #resolve!: (ending: Ending) => void;

  constructor(plan: Plan, driver: Driver, stopRule: StopRule, clock: Clock) {
    this.#driver = driver;
    this.#stopRule = stopRule;
    this.#graceMs = plan.load.graceMs;
    this.#unfinished = new Unfinished(clock, plan.requests.map(({ timeoutMs }) => timeoutMs));
    this.clock = clock;
    this.startedMs = clock.nowMs();
    this.bodyPolicy = plan.requests[0]!.bodyPolicy;
    this.limit = plan.load.requests ?? Infinity;
    this.endMs = plan.load.durationMs ?? Infinity;
    this.ended = new Promise((resolve) => this.#resolve = resolve);
  }

  /** Milliseconds since the first request was due. */
  elapsedMs(): number {
    return this.clock.nowMs() - this.startedMs;
  }

  get dispatching(): boolean {
    return this.#dispatching;
  }

  /** For how long requests were dispatched: what the achieved rate is measured over. */
  get dispatchedForMs(): number {
    return this.#dispatching ? Math.min(Math.max(0, this.elapsedMs()), this.endMs) : this.#dispatchedForMs;
  }

  /** `atMs`: the clock's instant that the schedule begins at; now, or soon. */
  start(atMs: number = this.clock.nowMs()): void {
    this.startedMs = atMs;
    this.tally.graceFromMs = atMs + this.endMs;
    this.#dispatching = true;
    this.#unfinished.watch();
    this.begin();
  }

  /**
   * Dispatches whatever is due by now, and returns that instant since the beginning: who closes a second's account calls
   * it first, lest a late wake-up moves a request to the next. Seconds that are over end on the way.
   */
  dispatchDue(): number {
    const elapsedMs = this.elapsedMs();
    while (elapsedMs >= this.secondEndMs) this.endSecond();
    return elapsedMs;
  }

  /** Ends the run early. An interrupted run waits for nothing; a stopped one gives what is in flight its grace. */
  stop(ending: Ending): void {
    const interrupted = ending.outcome === "interrupted";
    const before = this.#ending;
    if (this.#finished || (before !== undefined && !interrupted)) return;
    if (before?.outcome !== "stopped") this.#ending = ending; // nobody else knows why it was stopped
    if (before === undefined) this.#endDispatch();
    if (interrupted) this.#finish();
    else this.#awaitUnfinished();
  }

  /**
   * The load is over, and nothing is sent any more: what waits for a connection is called off; what was sent goes on
   * within its time limits, and counts in no figure.
   */
  settle(): void {
    this.#unfinished.callOffUnsent();
    this.#unfinished.watch();
  }

  settled(): void {
    this.#unfinished.stopWatching();
  }

  /** The schedule was changed: what is due, and the end, are others. Open loop. */
  rescheduled(): void {}

  /** A sender whose request is done sends no other until `resume`. Closed loop; an open one's schedule is paused. */
  pause(): void {}

  resume(): void {}

  /** For how long the oldest request that is due has been without an end; 0 where there is none. */
  oldestUnfinishedMs(): number {
    return this.#unfinished.oldestMs();
  }

  // --- from an attempt

  finished(attempt: Attempt, reusable: boolean, endedMs: number): void {
    this.#unfinished.remove(attempt);
    if (reusable) this.#spare.push(attempt);
    if (this.#dispatching) this.follow(endedMs);
    else if (this.#unfinished.size === 0) this.#finish();
  }

  failed(failure: Failure): void {
    if (!this.#dispatching) return;
    const reason = this.#stopRule.onError(failure);
    if (reason !== undefined) this.stop({ outcome: "stopped", reason });
  }

  // --- for the loop

  /** The load begins, or will soon: `startedMs` says when. */
  protected abstract begin(): void;

  /** A request is done, and others may be sent. */
  protected abstract follow(endedMs: number): void;

  /** Nothing more will be sent: whatever would have is called off. */
  protected abstract callOff(): void;

  protected endSecond(): void {
    this.secondEndMs += SECOND_MS;
    this.onSecond?.();
  }

  /** How many are under way. */
  protected get unfinished(): number {
    return this.#unfinished.size;
  }

  protected dispatch(dueMs: number): void {
    const reason = this.#stopRule.beforeSend();
    if (reason !== undefined) {
      this.stop({ outcome: "stopped", reason });
      return;
    }
    if (this.#driver.exhausted) {
      // In a closed loop, what is in flight may have a next step to send.
      if (this.schedule !== undefined || this.#unfinished.size === 0) this.stop({ outcome: "completed", reason: "" });
      return;
    }
    const attempt = this.#spare.pop() ?? this.#driver.attempt(this);
    attempt.begin(dueMs);
    this.#unfinished.add(attempt);
    this.#driver.send(attempt);
    attempt.handedOver();
  }

  protected finishDispatch(): void {
    if (!this.#dispatching) return;
    this.#ending = { outcome: "completed", reason: "" };
    this.#endDispatch();
    this.#awaitUnfinished();
  }

  // --- inside

  #endDispatch(): void {
    this.#dispatchedForMs = this.dispatchedForMs;
    this.tally.graceFromMs = this.startedMs + this.#dispatchedForMs;
    this.#dispatching = false;
    this.callOff();
    this.onDispatchEnd?.(this.#ending!);
  }

  #awaitUnfinished(): void {
    if (this.#unfinished.size === 0) this.#finish();
    else this.#grace = this.clock.setTimer(this.#graceMs, () => this.#finish());
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#grace?.clear();
    this.#unfinished.censor();
    this.#resolve(this.#ending!);
  }
}

// What dispatches requests when they are due, and accounts for each until it is done.
//
// Open loop: request i is due at t0 + schedule(i), whatever the server does; a late wake-up sends what is due by then,
// and each request keeps its own instant. Closed loop: a fixed number of senders, each of which sends its next request
// as soon as its last one is done, or a think time later.

import type { Clock, Timer } from "../../core/clock.ts";
import { LinkedList } from "../../core/linked_list.ts";
import { type BodyPolicy, type Plan, sendersOf } from "../../scenario/plan.ts";
import type { ConnectInfo, Trace } from "../../transport/trace.ts";
import { TransportError } from "../../transport/transport_error.ts";
import { Tally } from "../account/tally.ts";
import type { Driver } from "../driver/driver.ts";
import type { LoadExchange, LoadExchangeOwner } from "../driver/load_exchange.ts";
import type { Ending } from "../ending.ts";
import type { Pacer } from "../pacer/pacer.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { scheduleOf } from "../schedule/schedule_of.ts";
import type { StopRule } from "./stop_rule.ts";

/** How often unfinished requests are checked for their time limit; also how late a timeout may be. */
const TIMEOUT_CHECK_MS = 10;

/** How soon a schedule that was changed is seen. */
const LOOK_MS = 20;

export class Generator implements LoadExchangeOwner {
  readonly clock: Clock;
  readonly tally: Tally = new Tally();
  /** Of the first request; another one is every request's. */
  bodyPolicy: BodyPolicy;
  readonly trace: Trace;
  sentMs = 0;
  arrivedMs = 0;
  /** Resolves when nothing more will be sent, and what is in flight is done or its grace is over. */
  readonly ended: Promise<Ending>;
  /** Called when nothing more will be sent. */
  onDispatchEnd: ((ending: Ending) => void) | undefined = undefined;
  /** Undefined: closed loop. */
  readonly schedule: Schedule | undefined;
  readonly #plan: Plan;
  readonly #driver: Driver;
  readonly #stopRule: StopRule;
  readonly #pacer: Pacer;
  /** The schedule may be changed under way. */
  readonly #steered: boolean;
  /** No more than this many requests are offered. */
  #limit: number;
  /** When dispatching ends, since the beginning; Infinity: by count. */
  #endMs: number;
  /** Dispatched and not done, oldest first. */
  readonly #unfinished: LinkedList<LoadExchange> = new LinkedList();
  readonly #spare: LoadExchange[] = [];
  readonly #shortestTimeoutMs: number;
  #startedMs: number;
  #dispatching = false;
  #dispatchedForMs = 0;
  /** Closed loop: how many senders wait for the end of the pause; undefined: there is none. */
  #resting: number | undefined = undefined;
  #end: Timer | undefined = undefined;
  #timeouts: Timer | undefined = undefined;
  #ending: Ending | undefined = undefined;
  #finished = false;
  #resolve!: (ending: Ending) => void;

  constructor(
    plan: Plan,
    driver: Driver,
    stopRule: StopRule,
    pacer: Pacer,
    clock: Clock,
    schedule: Schedule | undefined = scheduleOf(plan.load),
    steered = false,
  ) {
    this.#plan = plan;
    this.#driver = driver;
    this.#stopRule = stopRule;
    this.#pacer = pacer;
    this.clock = clock;
    this.#startedMs = clock.nowMs();
    this.bodyPolicy = plan.requests[0]!.bodyPolicy;
    this.schedule = schedule;
    this.#steered = steered;
    this.#limit = schedule?.count ?? plan.load.requests ?? Infinity;
    this.#endMs = schedule?.endMs ?? plan.load.durationMs ?? Infinity;
    this.#shortestTimeoutMs = Math.min(...plan.requests.map(({ timeoutMs }) => timeoutMs === 0 ? Infinity : timeoutMs));
    this.trace = { connectDone: (info: ConnectInfo) => this.#connected(info) };
    this.ended = new Promise((resolve) => this.#resolve = resolve);
  }

  /** Milliseconds since the first request was due. */
  elapsedMs(): number {
    return this.clock.nowMs() - this.#startedMs;
  }

  get dispatching(): boolean {
    return this.#dispatching;
  }

  /** For how long requests were dispatched: what the achieved rate is measured over. */
  get dispatchedForMs(): number {
    return this.#dispatching ? Math.max(0, this.elapsedMs()) : this.#dispatchedForMs;
  }

  /** `atMs`: the clock's instant that the schedule begins at; now, or soon. */
  start(atMs: number = this.clock.nowMs()): void {
    this.#startedMs = atMs;
    this.#dispatching = true;
    if (this.#shortestTimeoutMs < Infinity) this.#armTimeouts();
    if (this.schedule !== undefined) {
      this.#wake();
      return;
    }
    const aheadMs = -this.elapsedMs();
    if (aheadMs > 0) this.#end = this.clock.setTimer(aheadMs, () => this.#startSenders());
    else this.#startSenders();
  }

  /**
   * Dispatches whatever is due by now, and returns that instant since the beginning: who closes a second's account calls
   * it first, lest a late wake-up moves a request to the next.
   */
  dispatchDue(): number {
    const { schedule } = this;
    const elapsedMs = this.elapsedMs();
    if (schedule === undefined) return elapsedMs;
    const due = Math.min(schedule.dueBefore(elapsedMs), this.#limit);
    while (this.tally.offered < due && this.#dispatching) {
      this.#dispatch(this.#startedMs + schedule.dueMs(this.tally.offered));
    }
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

  /** The schedule was changed: what is due, and the end, are others. Seen at the next look, which is soon. Open loop. */
  rescheduled(): void {
    const { count, endMs } = this.schedule!;
    this.#limit = count;
    this.#endMs = endMs;
  }

  /** Closed loop: a sender whose request is done sends no other until `resume`. */
  pause(): void {
    this.#resting ??= 0;
  }

  resume(): void {
    const senders = this.#resting ?? 0;
    this.#resting = undefined;
    for (let i = 0; i < senders; i++) this.#sendNext(this.clock.nowMs());
  }

  /** For how long the oldest request that is due has been without an end; 0 where there is none. */
  oldestUnfinishedMs(): number {
    const oldest = this.#unfinished.oldest;
    return oldest === undefined ? 0 : this.clock.nowMs() - oldest.item.dueMs;
  }

  // --- from an exchange

  finished(exchange: LoadExchange, reusable: boolean, endedMs: number): void {
    this.#unfinished.remove(exchange.link);
    if (reusable) this.#spare.push(exchange);
    if (this.#dispatching) {
      if (this.schedule !== undefined) return;
      if (this.tally.offered < this.#limit) {
        this.#thinkAndSend(endedMs);
        return;
      }
      if (this.#unfinished.size === 0) this.#finishDispatch();
      return;
    }
    if (this.#unfinished.size === 0) this.#finish();
  }

  failed(error: TransportError): void {
    if (!this.#dispatching) return;
    const reason = this.#stopRule.onError(error);
    if (reason !== undefined) this.stop({ outcome: "stopped", reason });
  }

  // --- inside

  /** Bound once: every wake-up is for this. */
  readonly #wake = (): void => {
    const elapsedMs = this.dispatchDue();
    if (!this.#dispatching) return;
    const schedule = this.schedule!;
    const nextMs = this.tally.offered < this.#limit ? schedule.dueMs(this.tally.offered) : this.#endMs;
    if (elapsedMs >= this.#endMs && this.tally.offered >= this.#limit) {
      this.#finishDispatch();
      return;
    }
    const lookMs = this.#steered ? Math.min(nextMs, elapsedMs + LOOK_MS) : nextMs;
    this.#pacer.wakeAt(this.#startedMs + lookMs, this.#wake);
  };

  #dispatch(dueMs: number): void {
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
    const exchange = this.#spare.pop() ?? this.#driver.exchange(this);
    exchange.begin(dueMs);
    this.#unfinished.add(exchange.link);
    this.#driver.send(exchange);
    exchange.handedOver();
  }

  #startSenders(): void {
    if (this.#endMs < Infinity) {
      this.#end = this.clock.setTimer(this.#endMs - this.elapsedMs(), () => this.#finishDispatch());
    }
    const senders = Math.min(sendersOf(this.#plan.load), this.#limit);
    for (let i = 0; i < senders && this.#dispatching; i++) this.#dispatch(this.clock.nowMs());
  }

  #thinkAndSend(endedMs: number): void {
    const { thinkTimeMs } = this.#plan.load;
    if (thinkTimeMs === 0) this.#sendNext(endedMs);
    // the run may end meanwhile, and must not keep the process alive then
    else this.clock.setTimer(thinkTimeMs, () => this.#sendNext(this.clock.nowMs()), false);
  }

  /** Closed loop: a sender's next request, which is due the moment that its last one ended, or its think time. */
  #sendNext(dueMs: number): void {
    if (this.#resting !== undefined) this.#resting += 1;
    else if (this.#dispatching && this.tally.offered < this.#limit) this.#dispatch(dueMs);
  }

  #connected(info: ConnectInfo): void {
    if (info.error === undefined) this.tally.clocks.connect.recordMs(info.elapsedMs);
  }

  #endDispatch(): void {
    this.#dispatchedForMs = Math.min(this.dispatchedForMs, this.#endMs);
    this.#dispatching = false;
    this.#pacer.cancel();
    this.#end?.clear();
    this.onDispatchEnd?.(this.#ending!);
  }

  #finishDispatch(): void {
    if (!this.#dispatching) return;
    this.#ending = { outcome: "completed", reason: "" };
    this.#endDispatch();
    this.#awaitUnfinished();
  }

  #awaitUnfinished(): void {
    if (this.#unfinished.size === 0) this.#finish();
    else this.#end = this.clock.setTimer(this.#plan.load.graceMs, () => this.#finish());
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#end?.clear();
    this.#timeouts?.clear();
    const now = this.clock.nowMs();
    for (let link = this.#unfinished.oldest; link !== undefined; link = link.newer) link.item.censor(now);
    this.#resolve(this.#ending!);
  }

  /** No timer per request: the oldest are looked at, as far as the shortest limit may have passed. */
  #armTimeouts(): void {
    this.#timeouts = this.clock.setTimer(TIMEOUT_CHECK_MS, () => {
      const now = this.clock.nowMs();
      let link = this.#unfinished.oldest;
      while (link !== undefined && link.item.dueMs <= now - this.#shortestTimeoutMs) {
        const exchange = link.item;
        link = link.newer;
        if (exchange.timeoutMs === 0 || exchange.dueMs > now - exchange.timeoutMs) continue;
        const message = `no response within ${exchange.timeoutMs} ms`;
        exchange.cancel(new TransportError(message, { code: "timeout", side: "remote", phase: exchange.phase }));
      }
      if (!this.#finished) this.#armTimeouts(); // a timeout may have been what the run waited for
    });
  }
}

// A client and its server without a socket: each answers when the test says, and time is the test's.

import type { Attempt, AttemptOwner, Call } from "../../lib/load/driver/attempt.ts";
import type { Census, Engine, EngineCounts, Traffic } from "../../lib/load/driver/driver.ts";
import type { Flow } from "../../lib/load/driver/flow.ts";
import { FlowAttempt } from "../../lib/load/driver/flow_attempt.ts";
import { flowOf } from "../../lib/load/driver/flow_of.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { WHOLE } from "../../lib/scenario/resolve/share.ts";
import type { TemplateInputs } from "../../lib/scenario/template/scope.ts";
import type { FakeClock } from "./fake_clock.ts";

/** How requests are answered. */
export interface Answers {
  /** After this long; Infinity: never. Default: 1. */
  readonly latencyMs?: number;
  /** How many connections there may be; who finds none free waits. */
  readonly connections?: number;
  /** Of the answer to each request, by its number. Default: 200. */
  readonly status?: (index: number) => number;
}

/** Counts as the transport does, and dials in no time. */
export class SimulatedEngine implements Engine {
  readonly name = "loadgen";
  readonly socket = "node";
  readonly counts: EngineCounts = { dialing: 0, inUse: 0, idle: 0, waiting: 0, heldBodies: 0 };
  readonly traffic: Traffic = { bytesSent: 0, bytesReceived: 0 };
  sent = 0;
  readonly #clock: FakeClock;
  readonly #flow: Flow;
  readonly #answers: Required<Answers>;
  readonly #waiting: SimulatedCall[] = [];
  #dialed = 0;

  constructor(plan: Plan, clock: FakeClock, answers: Answers = {}, inputs: TemplateInputs = {}) {
    this.#clock = clock;
    this.#flow = flowOf(plan, inputs, WHOLE);
    this.#answers = { latencyMs: 1, connections: Infinity, status: () => 200, ...answers };
  }

  get exhausted(): boolean {
    return this.#flow.exhausted;
  }

  attempt(owner: AttemptOwner): Attempt {
    return new FlowAttempt(owner, this.#flow);
  }

  send(attempt: Attempt): void {
    const call = new SimulatedCall(attempt, this);
    attempt.call = call;
    this.#waiting.push(call);
    this.counts.waiting += 1;
    this.#serve();
  }

  census(): Census {
    const { inUse, idle, heldBodies } = this.counts;
    return {
      live: inUse + idle,
      ...this.counts,
      readLoops: heldBodies === 0 ? {} : { awaitingBodyRead: heldBodies },
      writeLoops: {},
      totals: { dialed: this.#dialed, reused: this.sent - this.#dialed, retried: 0, closed: {} },
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A call gives its place up: one in the queue, or a connection, which breaks. */
  leave(call: SimulatedCall): "pool" | "head" {
    const place = this.#waiting.indexOf(call);
    if (place !== -1) {
      this.#waiting.splice(place, 1);
      this.counts.waiting -= 1;
      return "pool";
    }
    this.counts.inUse -= 1;
    this.#serve();
    return "head";
  }

  #serve(): void {
    const { counts } = this;
    while (this.#waiting.length > 0 && (counts.idle > 0 || counts.inUse < this.#answers.connections)) {
      if (counts.idle > 0) counts.idle -= 1;
      else this.#dialed += 1;
      counts.inUse += 1;
      counts.waiting -= 1;
      const call = this.#waiting.shift()!;
      const index = this.sent++;
      call.attempt.sent(false);
      const { latencyMs } = this.#answers;
      if (latencyMs < Infinity) this.#clock.setTimer(latencyMs, () => this.#answer(call, index));
    }
  }

  #answer(call: SimulatedCall, index: number): void {
    if (call.over) return;
    call.over = true;
    const { attempt } = call;
    attempt.firstByte(false);
    attempt.head({ status: this.#answers.status(index), rawHeaders: () => [] });
    if (attempt.bodyPolicy === "hold") {
      this.counts.heldBodies += 1;
      attempt.hold();
      return;
    }
    this.counts.inUse -= 1;
    this.counts.idle += 1;
    attempt.end();
    this.#serve();
  }
}

class SimulatedCall implements Call {
  over = false;
  readonly attempt: Attempt;
  readonly #engine: SimulatedEngine;

  constructor(attempt: Attempt, engine: SimulatedEngine) {
    this.attempt = attempt;
    this.#engine = engine;
  }

  abort(code: string, message: string): void {
    if (this.over) return;
    this.over = true;
    const phase = this.#engine.leave(this);
    this.attempt.fail({ phase, code, message });
  }
}

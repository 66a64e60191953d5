// The runtime's own `fetch` as a client of the load. What it counts is calls, not connections.

import type { Plan } from "../../scenario/plan.ts";
import type { Share } from "../../scenario/resolve/share.ts";
import { compileRequests } from "../../scenario/template/compile.ts";
import type { TemplateInputs } from "../../scenario/template/scope.ts";
import type { Attempt, AttemptOwner } from "../driver/attempt.ts";
import type { Census, Engine, EngineCounts, Traffic } from "../driver/driver.ts";
import type { Flow } from "../driver/flow.ts";
import { FlowAttempt } from "../driver/flow_attempt.ts";
import { flowOf } from "../driver/flow_of.ts";
import { FetchCall, type FetchCallOwner, type FetchState } from "./fetch_call.ts";
import { FetchRequestKind } from "./fetch_request.ts";

/**
 * Sends a plan's requests with the runtime's own `fetch`, a call and some promises for each. What only the runtime knows
 * is not made up: its connections, dials and retries, and bytes on the wire. A call under way, and a response whose body
 * is neither ended nor given up, counts as in use, whatever carries it; traffic is that of bodies, as `fetch` has them.
 */
export class FetchEngine implements Engine, FetchCallOwner {
  readonly name = "fetch";
  readonly socket = "fetch";
  readonly counts: EngineCounts = { dialing: 0, inUse: 0, idle: 0, waiting: 0, heldBodies: 0 };
  readonly traffic: Traffic = { bytesSent: 0, bytesReceived: 0 };
  readonly #kinds: readonly FetchRequestKind[];
  readonly #flow: Flow;
  readonly #calls: Set<FetchCall> = new Set();
  readonly #states: Record<Exclude<FetchState, "over">, number> = {
    awaitingHead: 0,
    readingBody: 0,
    awaitingBodyRead: 0,
  };

  /** Throws a `UsageError` for a template that cannot be filled. */
  constructor(plan: Plan, inputs: TemplateInputs, share: Share) {
    this.#kinds = compileRequests(plan, inputs).map((request) => new FetchRequestKind(request));
    this.#flow = flowOf(plan, inputs, share);
  }

  get exhausted(): boolean {
    return this.#flow.exhausted;
  }

  attempt(owner: AttemptOwner): Attempt {
    return new FlowAttempt(owner, this.#flow);
  }

  send(attempt: FlowAttempt): void {
    const { sender } = attempt;
    const request = this.#kinds[sender.step]!.filled(sender);
    this.traffic.bytesSent += request.body?.length ?? 0;
    const call = new FetchCall(attempt, this);
    attempt.call = call;
    call.start(request);
  }

  census(): Census {
    const { inUse } = this.counts;
    return {
      live: inUse,
      ...this.counts,
      readLoops: Object.fromEntries(Object.entries(this.#states).filter(([, count]) => count > 0)),
      writeLoops: {},
      totals: { dialed: 0, reused: 0, retried: 0, closed: {} },
    };
  }

  close(): Promise<void> {
    for (const call of this.#calls) call.drop();
    return Promise.resolve();
  }

  // --- from a call

  moved(call: FetchCall, from: FetchState, to: FetchState): void {
    if (from !== "over") this.#states[from] -= 1;
    if (to !== "over") this.#states[to] += 1;
    if (from === "over") this.#calls.add(call);
    if (to === "over") this.#calls.delete(call);
    this.counts.inUse = this.#calls.size;
    this.counts.heldBodies = this.#states.awaitingBodyRead;
  }

  received(bytes: number): void {
    this.traffic.bytesReceived += bytes;
  }
}

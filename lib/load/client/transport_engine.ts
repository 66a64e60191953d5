// Loadgen's own transport as a client of the load: no promise, no closure and no allocation for each request.

import type { Plan, RequestPlan } from "../../scenario/plan.ts";
import { type Share, WHOLE } from "../../scenario/resolve/share.ts";
import { compileRequests } from "../../scenario/template/compile.ts";
import { maskValues } from "../../scenario/template/mask.ts";
import type { TemplateInputs } from "../../scenario/template/scope.ts";
import type { Counts } from "../../transport/census.ts";
import type { PreparedRequest } from "../../transport/request/prepared_request.ts";
import type { Trace } from "../../transport/trace.ts";
import type { Transport } from "../../transport/transport.ts";
import { TransportError } from "../../transport/transport_error.ts";
import { Attempt, type AttemptOwner } from "../driver/attempt.ts";
import type { Census, Engine, EngineCounts, Traffic } from "../driver/driver.ts";
import type { Flow } from "../driver/flow.ts";
import { ExpectedStatus } from "../driver/expected_status.ts";
import { FlowAttempt } from "../driver/flow_attempt.ts";
import { flowOf } from "../driver/flow_of.ts";
import { TransportExchange } from "./transport_exchange.ts";
import { TransportRequestKind } from "./transport_request.ts";

/** Sends a plan's requests through loadgen's own transport. */
export class TransportEngine implements Engine {
  readonly name = "loadgen";
  readonly socket: Engine["socket"];
  readonly counts: EngineCounts;
  readonly #transport: Transport;
  readonly #kinds: readonly TransportRequestKind[];
  /** Where there is one request, always the same, and no more than a status is expected of its response. */
  readonly #only: Only | undefined;
  readonly #flow: Flow;
  /** By owner, so that no attempt needs one of its own. */
  readonly #traces: WeakMap<AttemptOwner, Trace> = new WeakMap();

  /**
   * `socket` is the transport's adapter. Throws a `UsageError` for a template that cannot be filled, a `TransportError`
   * for a request that cannot be encoded.
   */
  constructor(
    plan: Plan,
    transport: Transport,
    socket: Engine["socket"],
    inputs: TemplateInputs,
    share: Share = WHOLE,
  ) {
    this.socket = socket;
    this.counts = new TransportCounts(transport.counts);
    this.#transport = transport;
    this.#kinds = kindsOf(plan, transport, inputs);
    this.#flow = flowOf(plan, inputs, share);
    this.#only = onlyOf(plan, this.#kinds[0]!);
  }

  get exhausted(): boolean {
    return this.#only === undefined && this.#flow.exhausted;
  }

  get traffic(): Readonly<Traffic> {
    return this.#transport.traffic;
  }

  census(): Census {
    return this.#transport.census();
  }

  attempt(owner: AttemptOwner): Attempt {
    const attempt = this.#only === undefined
      ? new FlowAttempt(owner, this.#flow)
      : new Attempt(owner, this.#only.timeoutMs, this.#only.expected);
    attempt.call = new TransportExchange(attempt, this.counts, this.#traceFor(owner));
    return attempt;
  }

  send(attempt: Attempt): void {
    this.#transport.send(
      this.#only?.request ?? this.#requestOf(attempt as FlowAttempt),
      attempt.call as TransportExchange,
    );
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #requestOf({ sender }: FlowAttempt): PreparedRequest {
    return this.#kinds[sender.step]!.prepared(sender);
  }

  #traceFor(owner: AttemptOwner): Trace {
    const known = this.#traces.get(owner);
    if (known !== undefined) return known;
    const trace: Trace = {
      connectDone: ({ error, elapsedMs }) => {
        if (error === undefined) owner.tally.clocks.connect.recordMs(elapsedMs);
      },
    };
    this.#traces.set(owner, trace);
    return trace;
  }
}

/** The same request again and again, its limit, and the statuses that are expected. */
interface Only {
  readonly request: PreparedRequest;
  readonly timeoutMs: number;
  readonly expected: ExpectedStatus;
}

function onlyOf({ requests, feeders }: Plan, { constant }: TransportRequestKind): Only | undefined {
  const [{ timeoutMs, expect: { status, headers, bodyIncludes } }, ...others] = requests as [RequestPlan];
  const isOnly = others.length === 0 && feeders.length === 0 && headers.length === 0 && bodyIncludes === undefined;
  if (constant === undefined || !isOnly) return undefined;
  return { request: constant, timeoutMs, expected: new ExpectedStatus(status) };
}

/** The transport's counts as they stand, and the bodies that the load holds: counted as it goes, for those who ask often. */
class TransportCounts implements EngineCounts {
  heldBodies = 0;
  readonly #transport: Readonly<Counts>;

  constructor(transport: Readonly<Counts>) {
    this.#transport = transport;
  }

  get dialing(): number {
    return this.#transport.dialing;
  }

  get inUse(): number {
    return this.#transport.inUse;
  }

  get idle(): number {
    return this.#transport.idle;
  }

  get waiting(): number {
    return this.#transport.waiting;
  }
}

function kindsOf(plan: Plan, transport: Transport, inputs: TemplateInputs): TransportRequestKind[] {
  return compileRequests(plan, inputs).map((request) => {
    try {
      return new TransportRequestKind(request, (gapped) => transport.prepareForm(gapped));
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const { code, side, phase } = error;
      throw new TransportError(maskValues(error.message, inputs.environment ?? {}, plan), { code, side, phase });
    }
  });
}

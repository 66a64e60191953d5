import { Random } from "../../core/random.ts";
import type { Plan } from "../../scenario/plan.ts";
import { type Share, WHOLE } from "../../scenario/resolve/share.ts";
import { compileRequests } from "../../scenario/template/compile.ts";
import { maskValues } from "../../scenario/template/mask.ts";
import type { TemplateInputs } from "../../scenario/template/scope.ts";
import type { Transport } from "../../transport/transport.ts";
import { TransportError } from "../../transport/transport_error.ts";
import { Feed } from "./feed.ts";
import { Flow } from "./flow.ts";
import { FlowExchange } from "./flow_exchange.ts";
import { LoadExchange, type LoadExchangeOwner } from "./load_exchange.ts";
import { RequestKind } from "./request_kind.ts";

/** How a request is sent: the generator decides when, a driver knows which one and the way. */
export interface Driver {
  /** Whether there is nothing left to send. */
  readonly exhausted: boolean;
  /** An exchange that this driver can send, any number of times. */
  exchange(owner: LoadExchangeOwner): LoadExchange;
  /** Sends an exchange that this driver made. */
  send(exchange: LoadExchange): void;
}

/**
 * What sends a plan's requests through a transport in this process. Throws a `UsageError` for a template that cannot be
 * filled, a `TransportError` for a request that cannot be encoded.
 */
export function createDriver(
  plan: Plan,
  transport: Transport,
  inputs: TemplateInputs,
  share: Share = WHOLE,
): Driver {
  const compiled = compileRequests(plan, inputs);
  const kinds = compiled.map((request, index) => {
    try {
      return new RequestKind(index, request, (request) => transport.prepare(request));
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const { code, side, phase } = error;
      throw new TransportError(maskValues(error.message, inputs.environment ?? {}, plan), { code, side, phase });
    }
  });
  const [only] = kinds;
  const isSimple = kinds.length === 1 && only!.constant !== undefined && only!.expectation === undefined &&
    plan.feeders.length === 0;
  if (isSimple) return new TransportDriver(transport, only!);
  const feeds = plan.feeders.map(({ mode }, index) =>
    new Feed(inputs.feeds![index]!, mode, new Random(plan.seed, 2 + index), share)
  );
  return new FlowDriver(transport, new Flow(kinds, plan.flow, feeds, plan.seed, share));
}

/** Sends one prepared request, over and over. */
class TransportDriver implements Driver {
  readonly exhausted = false;
  readonly #transport: Transport;
  readonly #kind: RequestKind;

  constructor(transport: Transport, kind: RequestKind) {
    this.#transport = transport;
    this.#kind = kind;
  }

  exchange(owner: LoadExchangeOwner): LoadExchange {
    return new LoadExchange(owner, this.#kind.timeoutMs);
  }

  send(exchange: LoadExchange): void {
    this.#transport.send(this.#kind.constant!, exchange);
  }
}

/** Sends what a flow says is next. */
class FlowDriver implements Driver {
  readonly #transport: Transport;
  readonly #flow: Flow;

  constructor(transport: Transport, flow: Flow) {
    this.#transport = transport;
    this.#flow = flow;
  }

  get exhausted(): boolean {
    return this.#flow.exhausted;
  }

  exchange(owner: LoadExchangeOwner): LoadExchange {
    return new FlowExchange(owner, this.#flow);
  }

  send(exchange: FlowExchange): void {
    this.#transport.send(exchange.prepared, exchange);
  }
}

import type { ResponseHead } from "../../http1/response_head.ts";
import type { BodyPolicy } from "../../scenario/plan.ts";
import type { BodyChunk } from "../../transport/request/exchange.ts";
import type { PreparedRequest } from "../../transport/request/prepared_request.ts";
import type { TransportError } from "../../transport/transport_error.ts";
import type { RequestTally } from "../account/request_tally.ts";
import { BodySearch } from "./body_search.ts";
import type { Unmet } from "./expectation.ts";
import type { Flow, Sender } from "./flow.ts";
import { LoadExchange, type LoadExchangeOwner } from "./load_exchange.ts";
import type { RequestKind } from "./request_kind.ts";

/** A request of a load that knows several, or holds its responses against something. */
export class FlowExchange extends LoadExchange {
  /** What the current request sends. */
  prepared!: PreparedRequest;
  readonly #flow: Flow;
  readonly #search: BodySearch = new BodySearch();
  #sender!: Sender;
  #kind!: RequestKind;
  #tally!: RequestTally;
  #unmet: Unmet | undefined = undefined;
  #searches = false;

  constructor(owner: LoadExchangeOwner, flow: Flow) {
    super(owner, flow.kinds[0]!.timeoutMs);
    this.#flow = flow;
  }

  override begin(dueMs: number): void {
    super.begin(dueMs);
    const sender = this.#flow.next();
    const kind = this.#flow.kinds[sender.step]!;
    this.#sender = sender;
    this.#kind = kind;
    this.#tally = this.owner.tally.ofRequest(kind.index);
    this.#tally.offered += 1;
    this.timeoutMs = kind.timeoutMs;
    this.prepared = kind.prepared(sender);
  }

  override onHead(head: ResponseHead): void {
    const expectation = this.#kind.expectation;
    if (expectation !== undefined) {
      this.#unmet = expectation.unmetBy(head);
      this.#searches = expectation.inBody !== undefined && this.bodyPolicy() === "read";
      if (this.#searches) this.#search.begin(expectation.inBody!);
    }
    super.onHead(head);
  }

  override onData(chunk: BodyChunk): void {
    if (this.#searches && !this.#search.found) this.#search.add(chunk.data());
  }

  /** The request's own, unless the run was told another one for all. */
  protected override bodyPolicy(): BodyPolicy {
    const { bodyPolicy } = this.owner;
    return bodyPolicy === this.#flow.kinds[0]!.bodyPolicy ? this.#kind.bodyPolicy : bodyPolicy;
  }

  protected override answered(status: number, responseMs: number): void {
    const unmet = this.#unmet ?? (this.#searches && !this.#search.found ? "expect/body" : undefined);
    this.#unmet = undefined;
    this.#searches = false;
    if (unmet === undefined) {
      super.answered(status, responseMs);
      this.#tally.completed += 1;
    } else {
      this.owner.tally.countStatus(status);
      this.owner.tally.failed += 1;
      this.owner.tally.errors.count(unmet, responseMs);
      this.#tally.countFailure(unmet);
    }
    this.#tally.countStatus(status);
    this.#tally.recordMs(responseMs);
    this.#flow.done(this.#sender);
  }

  protected override broke(error: TransportError, responseMs: number): void {
    this.#unmet = undefined;
    this.#searches = false;
    super.broke(error, responseMs);
    this.#tally.countFailure(`${error.phase}/${error.code}`);
    this.#tally.recordMs(responseMs);
    this.#flow.done(this.#sender);
  }
}

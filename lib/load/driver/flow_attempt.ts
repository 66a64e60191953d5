// An attempt where a load has several requests, or expects more of their responses than a status. Which request comes
// next is the flow's to say.

import type { BodyPolicy } from "../../scenario/plan.ts";
import type { RequestTally } from "../account/request_tally.ts";
import { Attempt, type AttemptOwner, type Failure, type Head } from "./attempt.ts";
import { BodySearch } from "./body_search.ts";
import type { Unmet } from "./expected_status.ts";
import type { Flow, Sender } from "./flow.ts";
import type { RequestKind } from "./request_kind.ts";

/** An attempt of a load that knows several requests, or expects something of heads or bodies. */
export class FlowAttempt extends Attempt {
  readonly #flow: Flow;
  readonly #search: BodySearch = new BodySearch();
  /** Whose step the current request is, with the values that it is filled with. */
  sender!: Sender;
  #kind!: RequestKind;
  #tally!: RequestTally;
  #unmet: Unmet | undefined = undefined;
  #searches = false;

  constructor(owner: AttemptOwner, flow: Flow) {
    super(owner, flow.kinds[0]!.timeoutMs, flow.kinds[0]!.expectation.status);
    this.#flow = flow;
  }

  override begin(dueMs: number): void {
    super.begin(dueMs);
    const sender = this.#flow.next();
    const kind = this.#flow.kinds[sender.step]!;
    this.sender = sender;
    this.#kind = kind;
    this.#tally = this.owner.tally.ofRequest(kind.index);
    this.#tally.offered += 1;
    this.timeoutMs = kind.timeoutMs;
  }

  override censor(nowMs: number): void {
    super.censor(nowMs);
    this.#tally.censored += 1;
  }

  override head(head: Head): void {
    const { expectation } = this.#kind;
    this.#unmet = expectation.unmetBy(head);
    this.#searches = expectation.inBody !== undefined && this.bodyPolicy === "read";
    if (this.#searches) this.#search.begin(expectation.inBody!);
    super.head(head);
  }

  override get seeksInBody(): boolean {
    return this.#searches && !this.#search.found;
  }

  override body(bytes: Uint8Array): void {
    this.#search.add(bytes);
  }

  /** The request's own, unless the run was told another one for all. */
  override get bodyPolicy(): BodyPolicy {
    const { bodyPolicy } = this.owner;
    return bodyPolicy === this.#flow.kinds[0]!.bodyPolicy ? this.#kind.bodyPolicy : bodyPolicy;
  }

  protected override get request(): number {
    return this.#kind.index;
  }

  protected override answered(status: number, responseMs: number): void {
    const unmet = this.#unmet ?? (this.seeksInBody ? "expect/body" : undefined);
    this.#unmet = undefined;
    this.#searches = false;
    this.countAnswer(status, responseMs, unmet);
    if (unmet === undefined) this.#tally.completed += 1;
    else this.#tally.countFailure(unmet, responseMs);
    this.#tally.countStatus(status);
    this.#tally.recordMs(responseMs);
    this.#flow.done(this.sender);
  }

  protected override broke(failure: Failure, responseMs: number): void {
    this.#unmet = undefined;
    this.#searches = false;
    super.broke(failure, responseMs);
    this.#tally.countFailure(`${failure.phase}/${failure.code}`, responseMs);
    this.#tally.recordMs(responseMs);
    this.#flow.done(this.sender);
  }
}

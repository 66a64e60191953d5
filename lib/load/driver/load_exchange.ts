import type { Clock } from "../../core/clock.ts";
import { Link } from "../../core/linked_list.ts";
import type { ResponseHead } from "../../http1/response_head.ts";
import type { BodyPolicy } from "../../scenario/plan.ts";
import { Exchange } from "../../transport/request/exchange.ts";
import type { Trace } from "../../transport/trace.ts";
import type { TransportError } from "../../transport/transport_error.ts";
import type { Tally } from "../account/tally.ts";

/** What a request of the load needs of its generator. */
export interface LoadExchangeOwner {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly bodyPolicy: BodyPolicy;
  readonly trace: Trace;
  /** The clock's last readings: what happens together is read once. */
  sentMs: number;
  arrivedMs: number;
  /** The request is accounted for, and ended at this instant; `reusable`: the object may carry another one. */
  finished(exchange: LoadExchange, reusable: boolean, endedMs: number): void;
  /** A failure that the whole run may have to end for. */
  failed(error: TransportError): void;
}

/** One request of the load, from due to done; the object is used again and again. */
export class LoadExchange extends Exchange {
  /** Among the unfinished, by age. Owned by the generator. */
  readonly link: Link<LoadExchange> = new Link(this);
  /** From due to the last byte; 0: no limit. */
  timeoutMs: number;
  protected readonly owner: LoadExchangeOwner;
  #dueMs = 0;
  /** 0: not handed to the transport yet, or sent before it returned. */
  #handedMs = 0;
  /** 0: not sent yet. */
  #sentMs = 0;
  /** When the last bytes of the response came. */
  #arrivedMs = 0;
  #status = 0;
  #settled = true;

  constructor(owner: LoadExchangeOwner, timeoutMs: number) {
    super();
    this.owner = owner;
    this.timeoutMs = timeoutMs;
    this.trace = owner.trace;
  }

  /** When the current request is due. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Takes on a request that is due at this instant of the clock, and accounts for it as offered. */
  begin(dueMs: number): void {
    this.#dueMs = dueMs;
    this.#handedMs = 0;
    this.#sentMs = 0;
    this.#settled = false;
    this.owner.tally.offered += 1;
    this.owner.tally.unsent += 1;
  }

  /** The transport has it and returned. A request that it could not send at once waits for a connection from now on. */
  handedOver(): void {
    if (this.#sentMs !== 0 || this.#handedMs !== 0 || this.#settled) return;
    this.#handedMs = this.owner.clock.nowMs();
    this.owner.tally.late.handedOver(this.#handedMs - this.#dueMs);
  }

  /** The run is over and the request is not: it counts with its age, and whatever still happens to it does not. */
  censor(nowMs: number): void {
    this.#settled = true;
    this.owner.tally.clocks.censored.recordMs(nowMs - this.#dueMs);
  }

  override onSent(together: boolean): void {
    const { owner } = this;
    if (!together) owner.sentMs = owner.clock.nowMs();
    if (this.#sentMs !== 0) return; // a retry: the first sending counts
    this.#sentMs = owner.sentMs;
    const { tally } = owner;
    tally.unsent -= 1;
    tally.inFlight += 1;
    const lagMs = this.#sentMs - this.#dueMs;
    if (this.#handedMs === 0) tally.late.sentAtOnce(lagMs);
    else tally.late.sentAfterWait(lagMs, this.#sentMs - this.#handedMs);
  }

  override onFirstByte(together: boolean): void {
    if (!together) this.onArrival();
    this.#arrivedMs = this.owner.arrivedMs;
    this.owner.tally.clocks.firstByte.recordMs(this.#arrivedMs - this.#sentMs);
  }

  override onArrival(): void {
    const { owner } = this;
    this.#arrivedMs = owner.arrivedMs = owner.clock.nowMs();
  }

  override onHead(head: ResponseHead): void {
    this.#status = head.status;
    if (this.carrier === undefined) return; // no body: the connection is pooled by now, and onEnd follows
    switch (this.bodyPolicy()) {
      case "read":
        this.read();
        return;
      case "close":
        this.close();
        this.#complete(true);
        return;
      case "hold":
        this.#complete(false);
    }
  }

  override onEnd(): void {
    if (!this.#settled) this.#complete(true);
  }

  override onError(error: TransportError): void {
    if (this.#settled) return; // a held body that broke: its request was completed before
    this.#settled = true;
    const { tally, clock } = this.owner;
    const now = clock.nowMs();
    if (this.#sentMs === 0) {
      tally.unsent -= 1;
    } else {
      tally.inFlight -= 1;
      tally.clocks.service.recordMs(now - this.#sentMs);
    }
    tally.clocks.response.recordMs(now - this.#dueMs);
    this.broke(error, now - this.#dueMs);
    this.owner.failed(error);
    this.owner.finished(this, true, now);
  }

  #complete(reusable: boolean): void {
    this.#settled = true;
    const { tally } = this.owner;
    const responseMs = this.#arrivedMs - this.#dueMs;
    tally.inFlight -= 1;
    tally.clocks.service.recordMs(this.#arrivedMs - this.#sentMs);
    tally.clocks.response.recordMs(responseMs);
    this.answered(this.#status, responseMs);
    this.owner.finished(this, reusable, this.#arrivedMs);
  }

  /** What is to be done with the body that has begun. */
  protected bodyPolicy(): BodyPolicy {
    return this.owner.bodyPolicy;
  }

  /** Counts a response. */
  protected answered(status: number, _responseMs: number): void {
    const { tally } = this.owner;
    tally.completed += 1;
    tally.countStatus(status);
  }

  /** Counts a failure. */
  protected broke(error: TransportError, responseMs: number): void {
    const { tally } = this.owner;
    tally.failed += 1;
    tally.countError(error, responseMs);
  }
}

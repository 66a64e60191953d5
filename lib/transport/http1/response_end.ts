// What happens at the end of a response: what drives the keep-alive machine.
//
// The end also decides the connection's fate, in this order: pool it (or close it), then tell the exchange. An exchange
// that sends its next request from `onEnd` so finds the connection in the pool.

import type { Clock, Timer } from "../../core/clock.ts";
import type { ResponseHead } from "../../http1/response_head.ts";
import type { ResponseParser } from "../../http1/response_parser.ts";
import type { CloseReason } from "../close_reason.ts";
import type { Exchange } from "../request/exchange.ts";
import { BODY_FLOW } from "./body_flow.ts";
import { KEEP_ALIVE } from "./keep_alive.ts";
import type { StateMachine } from "./state_machine.ts";

/** How long the end of a response waits for the end of its request's write (Go, `maxWriteWaitBeforeConnReuse`). */
const MAX_WRITE_WAIT_MS = 50;

const FLOW = BODY_FLOW.states;
const FLOW_EVENT = BODY_FLOW.events;
const FATE = KEEP_ALIVE.states;
const FATE_EVENT = KEEP_ALIVE.events;

/** What the end of a response needs of its connection. */
export interface ResponseEndOwner {
  readonly clock: Clock;
  readonly requestWritten: boolean;
  resumeReading(): void;
  /** Take the exchange off the connection, so that it can be told its end. */
  detach(): Exchange | undefined;
  /** Take in hand the exchange whose response follows on this connection, where requests are pipelined. */
  nextExchange(): Exchange | undefined;
  /** The loop expects that response. */
  nextStarted(): void;
  /** Give the connection, which has no exchange any more, to the pool; false: it could not be kept. */
  tryRelease(): boolean;
  /** Close the connection for a reason that the ledger shows; the exchange, already let go, hears nothing. */
  discard(reason: CloseReason): void;
}

export class ResponseEnd {
  readonly #owner: ResponseEndOwner;
  readonly #parser: ResponseParser;
  readonly #flow: StateMachine;
  readonly #keepAlive: StateMachine;
  #timer: Timer | undefined = undefined;
  /** What `holdingHead` holds in `awaitingWrite`: the parser lends its head no longer than a read. */
  #heldHead: ResponseHead | undefined = undefined;

  constructor(owner: ResponseEndOwner, parser: ResponseParser, flow: StateMachine, keepAlive: StateMachine) {
    this.#owner = owner;
    this.#parser = parser;
    this.#flow = flow;
    this.#keepAlive = keepAlive;
  }

  /** Expects the response to a request that is about to be written, or that stands behind the one just answered. */
  start(requestCloses: boolean): void {
    this.#keepAlive.on(requestCloses ? FATE_EVENT.lastRequest : FATE_EVENT.request);
    this.#flow.on(FLOW_EVENT.request);
  }

  /** As far as is known, the connection is kept after this response. */
  get keepable(): boolean {
    return this.#keepAlive.is(FATE.keeping) || this.#keepAlive.is(FATE.awaitingWrite);
  }

  /** The response is whole. */
  reached(): void {
    if (this.#owner.requestWritten || !this.keepable) {
      this.settle();
      return;
    }
    if (this.#flow.is(FLOW.holdingHead)) this.#heldHead = this.#parser.head.snapshot();
    this.#keepAlive.on(FATE_EVENT.earlyEnd);
    this.#timer = this.#owner.clock.setTimer(MAX_WRITE_WAIT_MS, () => this.settle());
  }

  /** Pools or closes the connection, then tells the exchange. */
  settle(): void {
    this.close();
    const head = this.#takeHead();
    const { trailers } = this.#parser; // the next response's first byte takes them away
    const exchange = this.#owner.detach();
    if (!this.keepable) {
      this.#owner.discard("connectionClose");
    } else if (!this.#owner.requestWritten) {
      this.#owner.discard("earlyResponse");
    } else if (this.#startNext()) {
      this.#owner.resumeReading();
      this.#owner.nextStarted();
    } else if (this.#parser.buffered > 0) {
      this.#owner.discard("unsolicited");
    } else {
      this.#keepAlive.on(FATE_EVENT.pool);
      if (this.#owner.tryRelease()) this.#owner.resumeReading();
    }
    if (exchange === undefined) return;
    if (head !== undefined) exchange.onHead(head);
    if (trailers !== null) exchange.onTrailers(trailers);
    exchange.onEnd();
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#timer?.clear();
    this.#timer = undefined;
  }

  /** The head of a response without a body, which is still to be delivered. */
  #takeHead(): ResponseHead | undefined {
    if (!this.#flow.is(FLOW.holdingHead)) return undefined;
    const head = this.#heldHead ?? this.#parser.head;
    this.#heldHead = undefined;
    this.#flow.on(FLOW_EVENT.end);
    return head;
  }

  /** Expects the response to the request behind this one; false: there is none. */
  #startNext(): boolean {
    const request = this.#owner.nextExchange()?.request;
    if (request === undefined) return false;
    this.start(request.close);
    return true;
  }
}

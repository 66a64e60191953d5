// Between the transport's callbacks and an attempt. It keeps no account: the attempt does.

import type { ResponseHead } from "../../http1/response_head.ts";
import { type BodyChunk, Exchange } from "../../transport/request/exchange.ts";
import type { Trace } from "../../transport/trace.ts";
import { TransportError } from "../../transport/transport_error.ts";
import type { Attempt, Call } from "../driver/attempt.ts";

/** Where the bodies that are held are counted. */
export interface Holder {
  heldBodies: number;
}

/** Tells an attempt what the transport does for it; the two are used again and again together. */
export class TransportExchange extends Exchange implements Call {
  readonly #attempt: Attempt;
  readonly #holder: Holder;
  #holds = false;

  constructor(attempt: Attempt, holder: Holder, trace: Trace) {
    super();
    this.#attempt = attempt;
    this.#holder = holder;
    this.trace = trace;
  }

  abort(code: string, message: string): void {
    this.cancel(new TransportError(message, { code, side: "remote", phase: this.phase }));
  }

  override onSent(together: boolean): void {
    this.#attempt.sent(together);
  }

  override onFirstByte(together: boolean): void {
    this.#attempt.firstByte(together);
  }

  override onArrival(): void {
    this.#attempt.arrived();
  }

  override onHead(head: ResponseHead): void {
    const attempt = this.#attempt;
    attempt.head(head);
    if (this.carrier === undefined) return; // no body: the connection is pooled by now, and onEnd follows
    switch (attempt.bodyPolicy) {
      case "read":
        this.read();
        return;
      case "close":
        this.close();
        attempt.end();
        return;
      case "hold":
        this.#holds = true;
        this.#holder.heldBodies += 1;
        attempt.hold();
    }
  }

  override onData(chunk: BodyChunk): void {
    if (this.#attempt.seeksInBody) this.#attempt.body(chunk.data());
  }

  override onEnd(): void {
    if (this.#holds) this.#letGo();
    this.#attempt.end();
  }

  override onError(error: TransportError): void {
    if (this.#holds) this.#letGo();
    this.#attempt.fail(error);
  }

  /** The connection of a held body died, or brought it to its end as it died: nothing is left of it. */
  #letGo(): void {
    this.#holds = false;
    this.#holder.heldBodies -= 1;
  }
}

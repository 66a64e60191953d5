// Pipelining (RFC 9112 §9.3.2): requests that go out on a connection before the responses to those before them are
// here. The connection has the oldest of them in hand; the others stand here.

import { Fifo } from "../../core/fifo.ts";
import type { TlsState } from "../../socket/tls.ts";
import type { CloseReason } from "../close_reason.ts";
import type { ConnectionOwner } from "../pool/connection.ts";
import { type Carrier, type Exchange, fail } from "../request/exchange.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import type { GotConnInfo } from "../trace.ts";
import { TransportError } from "../transport_error.ts";
import { Cork, type CorkOwner } from "./cork.ts";
import { tellHead } from "./head_trace.ts";
import { encodingOf } from "./request_encoding.ts";

/** The connection. */
export interface PipelineOwner extends CorkOwner {
  readonly tls: TlsState | undefined;
  /** No request is half written. */
  requestWritten: boolean;
  write(bytes: Uint8Array): boolean;
  /** Closes the connection, and fails the exchange in hand. */
  fail(error: TransportError, reason: CloseReason): void;
}

/** Whether a request may be written behind others, and others behind it. */
export function isPipelinable(request: PreparedRequest): boolean {
  return encodingOf(request).pipelinable;
}

/** What stands behind the request in hand: requests that are written and unanswered, oldest first. Carries them until their response is the next. */
export class Pipeline implements Carrier {
  readonly phase = "head";
  readonly cork: Cork;
  readonly #connection: PipelineOwner;
  readonly #owner: ConnectionOwner;
  readonly #places: number;
  #waiting: Fifo<Exchange> = new Fifo();

  /** Of the `depth` requests that may be on the way, one is in hand. */
  constructor(connection: PipelineOwner, owner: ConnectionOwner, depth: number) {
    this.#connection = connection;
    this.#owner = owner;
    this.#places = depth - 1;
    this.cork = new Cork(connection);
  }

  get size(): number {
    return this.#waiting.size;
  }

  get full(): boolean {
    return this.#waiting.size >= this.#places;
  }

  /** Writes a request behind those under way. */
  join(exchange: Exchange, request: PreparedRequest, got: GotConnInfo): void {
    const connection = this.#connection;
    connection.requestWritten = false; // what a hook sends meanwhile goes elsewhere: requests and responses keep one order
    exchange.carrier = this;
    this.#waiting.push(exchange);
    exchange.tls = connection.tls;
    const { trace } = exchange;
    trace?.gotConn?.(got);
    if (exchange.carrier !== this) return; // cancelled by what it was just told
    exchange.onSent(this.cork.holding);
    if (exchange.carrier !== this) return;
    const { bytes } = encodingOf(request);
    connection.write(bytes);
    connection.requestWritten = true;
    if (trace === undefined) return;
    tellHead(bytes, trace);
    trace.wroteRequest?.(undefined);
  }

  /** The exchange whose response is next, which nobody carries from here on. */
  shift(): Exchange | undefined {
    const next = this.#waiting.shift();
    if (next !== undefined) next.carrier = undefined;
    return next;
  }

  /** The connection is closed: nothing comes of the responses to what stands here. */
  failAll(): void {
    for (let lost = this.shift(); lost !== undefined; lost = this.shift()) {
      const error = broken("the connection closed before the response to a pipelined request", "remote");
      this.#owner.exchangeFailed(lost, error, "firstByteRead", true);
    }
  }

  // --- from an exchange

  wantBody(): void {}
  holdBody(): void {}
  closeBody(): void {}

  /** A request that is written cannot be taken back, so its connection goes, and the others with it. */
  cancel(error: TransportError, exchange: Exchange): void {
    const others: Fifo<Exchange> = new Fifo();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next !== exchange) others.push(next);
    }
    this.#waiting = others;
    exchange.carrier = undefined;
    this.#connection.fail(broken("a request on the same connection was canceled", "local"), error.code);
    fail(exchange, error);
  }
}

function broken(message: string, side: "local" | "remote"): TransportError {
  return new TransportError(message, { code: "pipelineBroken", side, phase: "head" });
}

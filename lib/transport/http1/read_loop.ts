// The read loop of one connection, after `persistConn.readLoop` of Go's net/http.
//
//   idle              in the pool; a read is armed, so that the server's FIN or an unasked byte is seen at once
//   awaitingHead      a request was handed over; its response head has not arrived whole
//   awaitingBodyRead  the head was delivered; nobody reads the body: the socket is paused, the server feels it.
//                     A body neither read nor closed stays here, with its connection, until cancelled: the leak
//   readingBody       the body flows to its reader
//   draining          the reader closed early; a short rest is thrown away, so that the connection can be kept
//   awaitingWrite     the response ended before its request was written; for 50 ms at most
//   closed            the connection is gone
//
// What ends a response also decides the connection's fate, in this order: pool it (or close it), then tell the
// exchange. An exchange that sends its next request from `onEnd` so finds the connection in the pool.

import type { Clock, Timer } from "../../core/clock.ts";
import { ProtocolError } from "../../http1/protocol_error.ts";
import type { ResponseHead } from "../../http1/response_head.ts";
import { DATA, END, HEAD, INFORMATIONAL, type ResponseParser } from "../../http1/response_parser.ts";
import type { SocketError } from "../../socket/socket_error.ts";
import type { LoopCensus } from "../loop_census.ts";
import type { Exchange } from "../request/exchange.ts";
import { TransportError } from "../transport_error.ts";
import {
  AWAITING_BODY_READ,
  AWAITING_HEAD,
  AWAITING_WRITE,
  CLOSED,
  DRAINING,
  IDLE,
  READ_LOOP_MOVES,
  READ_LOOP_STATES,
  READING_BODY,
} from "./read_loop_states.ts";

/** An early close keeps the connection only where at most this much is left, and drains no more (Go 1.27, `maxPostCloseReadBytes`). */
const MAX_DRAIN_BYTES = 256 * 1024;

/** How long a drain may take (Go 1.27, `maxPostCloseReadTime`). */
const MAX_DRAIN_MS = 50;

/** How long the end of a response waits for the end of its request's write (Go, `maxWriteWaitBeforeConnReuse`). */
const MAX_WRITE_WAIT_MS = 50;

/** What the loop needs of its connection. */
export interface ReadLoopOwner {
  readonly clock: Clock;
  readonly drainOnClose: boolean;
  /** The request in hand; undefined: the connection is idle, or its body was closed early. */
  readonly exchange: Exchange | undefined;
  readonly requestWritten: boolean;
  pauseReading(): void;
  resumeReading(): void;
  /** A 1xx arrived; true: somebody looked at it. */
  informational(status: number, head: ResponseHead): boolean;
  /** The final head is here; the connection is kept after it, or not. */
  headArrived(keepable: boolean): void;
  /** A 101: the connection is the exchange's own from here on, with the bytes that came behind the head. */
  upgrade(head: ResponseHead, received: Uint8Array): void;
  /** Take in hand the exchange whose response follows on this connection, where requests are pipelined. */
  nextExchange(): Exchange | undefined;
  /** The loop expects that response. */
  nextStarted(): void;
  /** The response ended well: let go of the exchange and pool the connection; false: it could not be kept. */
  tryRelease(): boolean;
  /** Close the connection for a reason that the ledger shows; the exchange, already let go, hears nothing. */
  discard(reason: string): void;
  /** Close the connection and fail its exchange. */
  fail(error: TransportError, reason: string): void;
  /** Take the exchange off the connection, so that it can be told its end. */
  detach(): Exchange | undefined;
}

export class ReadLoop {
  readonly #owner: ReadLoopOwner;
  readonly #census: LoopCensus;
  readonly #parser: ResponseParser;
  #state = IDLE;
  /** True while `#advance` is on the stack: what callbacks do then takes effect when they return. */
  #advancing = false;
  /** True while `onData` is. */
  #receiving = false;
  /** The parser was told of the response that is awaited; put off to its first byte, so that the last head stays valid. */
  #begun = false;
  /** Nothing comes any more: the server said FIN, or the connection breaks and what is buffered is the last. */
  #sawEof = false;
  /** By the request, and once it is here by the head, the connection may be kept. */
  #keepable = false;
  #isHead = false;
  #drainedBytes = 0;
  #timer: Timer | undefined = undefined;
  /** A head without a body that waits in awaitingWrite to be delivered. */
  #heldHead: ResponseHead | undefined = undefined;

  constructor(owner: ReadLoopOwner, parser: ResponseParser, census: LoopCensus) {
    this.#owner = owner;
    this.#parser = parser;
    this.#census = census;
    census.enter(IDLE);
  }

  get state(): string {
    return READ_LOOP_STATES[this.#state]!;
  }

  /** Expects the response to a request that is about to be written. */
  start(isHead: boolean, requestCloses: boolean): void {
    this.#begun = false;
    this.#isHead = isHead;
    this.#keepable = !requestCloses;
    this.#transition(AWAITING_HEAD);
  }

  // --- from the socket

  onData(view: Uint8Array): void {
    if (this.#state === IDLE) {
      // Go: "Unsolicited response received on idle HTTP channel", and silence for a server's 408 before it closes
      this.#owner.discard(startsWith408(view) ? "serverClosedIdle" : "unsolicited");
      return;
    }
    if (this.#state === CLOSED) return;
    if (this.#begun) this.#owner.exchange?.onArrival();
    else this.#begin(false);
    this.#parser.receive(view);
    this.#receiving = true;
    try {
      this.#advance();
    } finally {
      this.#receiving = false;
      // also after a callback that threw: the view is every connection's, and the next read overwrites it
      if (!this.#is(CLOSED)) this.#parser.retain();
    }
  }

  onEof(): void {
    this.#sawEof = true;
    switch (this.#state) {
      case IDLE:
        this.#owner.discard("serverClosedIdle");
        return;
      case AWAITING_HEAD:
        if (!this.#begun) {
          this.#failFirstByte(undefined);
          return;
        }
        break;
      case AWAITING_WRITE:
        this.#settle();
        return;
    }
    if (this.#state === CLOSED) return;
    this.#owner.exchange?.onArrival();
    this.#parser.receiveEof();
    this.#advance();
  }

  /** The socket died: what arrived before is still delivered, then the error. */
  onSocketClosed(error: SocketError | undefined): void {
    if (error === undefined && !this.#sawEof) this.onEof();
    switch (this.#state) {
      case IDLE:
        this.#owner.discard("serverClosedIdle");
        return;
      case AWAITING_HEAD:
        if (!this.#begun) this.#failFirstByte(error);
        else this.#failBroken("head", error);
        return;
      case AWAITING_WRITE:
        this.#settle();
        return;
      case DRAINING:
        this.#owner.discard("reset");
        return;
      case AWAITING_BODY_READ:
      case READING_BODY:
        if (!this.#flush()) this.#failBroken("body", error);
    }
  }

  // --- from the exchange

  /** The reader wants bytes. */
  wantBody(): void {
    if (this.#state !== AWAITING_BODY_READ) return;
    this.#transition(READING_BODY);
    if (this.#advancing) return;
    this.#advance();
    if (this.#is(READING_BODY)) this.#owner.resumeReading();
  }

  /** The reader has enough. */
  holdBody(): void {
    if (this.#state !== READING_BODY) return;
    this.#transition(AWAITING_BODY_READ);
    if (!this.#advancing) this.#owner.pauseReading();
  }

  /** The reader gives the body up: drain what is left, where that is little. */
  closeBody(): void {
    if (this.#state === AWAITING_WRITE && this.#heldHead === undefined) this.#owner.detach(); // the end goes untold
    if (this.#state !== AWAITING_BODY_READ && this.#state !== READING_BODY) return;
    this.#owner.detach();
    const left = this.#parser.head.contentLength;
    if (!this.#owner.drainOnClose || !this.#keepable || left > MAX_DRAIN_BYTES) {
      this.#owner.discard("earlyClose");
      return;
    }
    this.#drainedBytes = 0;
    this.#transition(DRAINING);
    this.#advance();
  }

  /** The caller cancelled: bytes already here stay readable, then comes the error. */
  cancel(error: TransportError): void {
    if (this.#state === AWAITING_BODY_READ || this.#state === READING_BODY) {
      if (this.#flush()) return;
    } else if (this.#state === AWAITING_WRITE && this.#heldHead === undefined) {
      this.#settle(); // the body is here to its end: it is told, and the unfinished request costs the connection
      return;
    }
    this.#owner.fail(error, error.code);
  }

  // --- from the write loop

  /** The request will never be whole. Where its response ends well all the same, that is what counts. */
  onWriteFailed(error: TransportError): void {
    if (this.#state === AWAITING_WRITE) {
      this.#settle();
      return;
    }
    if (this.#state === AWAITING_BODY_READ || this.#state === READING_BODY) {
      if (this.#flush()) return;
    }
    this.#owner.fail(error, "writeFailed");
  }

  /** The request is written to its end. */
  onRequestWritten(): void {
    if (this.#state === AWAITING_WRITE) this.#settle();
  }

  close(): void {
    if (this.#state === CLOSED) return;
    this.#timer?.clear();
    this.#timer = undefined;
    this.#transition(CLOSED);
    this.#census.leave(CLOSED);
  }

  /** As far as is known, the connection is kept after this response. */
  get keepable(): boolean {
    return this.#keepable && !this.#sawEof;
  }

  /** How far the exchange in hand has come. */
  get phase(): "head" | "body" {
    return this.#state === AWAITING_HEAD ? "head" : "body";
  }

  /** Whether the head of the awaited response is still to come. */
  get awaitingHead(): boolean {
    return this.#state === AWAITING_HEAD;
  }

  // --- inside

  /** Asked in a function where a callback may have moved the state behind the type checker's back. */
  #is(state: number): boolean {
    return this.#state === state;
  }

  #begin(together: boolean): void {
    this.#begun = true;
    this.#parser.begin(this.#isHead);
    const exchange = this.#owner.exchange!;
    exchange.trace?.gotFirstResponseByte?.();
    if (this.#state === AWAITING_HEAD) exchange.onFirstByte(together);
  }

  /** Moves on as far as the bytes at hand and the reader's wish allow. */
  #advance(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    try {
      let more = true;
      while (more) {
        switch (this.#state) {
          case AWAITING_HEAD:
            if (!this.#begun) this.#begin(this.#receiving); // pipelined: the next response's first bytes came with the last one's end
            more = this.#readHead();
            break;
          case READING_BODY:
          case DRAINING:
            more = this.#readBody();
            break;
          default:
            more = false;
        }
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#failProtocol(error);
    } finally {
      this.#advancing = false;
    }
    if (this.#state === AWAITING_BODY_READ) this.#owner.pauseReading();
    else if (this.#state === DRAINING) this.#armDrain();
  }

  #readHead(): boolean {
    const event = this.#parser.next();
    if (event === INFORMATIONAL) {
      if (this.#owner.informational(this.#parser.head.status, this.#parser.head)) this.#parser.forgiveInformational();
      return this.#is(AWAITING_HEAD);
    }
    if (event !== HEAD) return false;
    const head = this.#parser.head;
    if (head.close || head.status < 200) this.#keepable = false;
    if (head.status === 101 && isProtocolSwitch(head)) {
      this.#owner.upgrade(head, this.#parser.takeBuffered());
      return false;
    }
    this.#owner.headArrived(this.#keepable);
    if (this.#is(CLOSED)) return false;
    if (!head.hasBody) {
      this.#parser.next(); // END, which needs no byte
      return this.#end(head);
    }
    this.#transition(AWAITING_BODY_READ);
    this.#owner.exchange!.onHead(head);
    return true;
  }

  #readBody(): boolean {
    const event = this.#parser.next();
    if (event === DATA) {
      if (this.#state === READING_BODY) {
        this.#owner.exchange!.onData(this.#parser);
        // as in Go the last bytes bring the end along: it needs no further read
        if (this.#is(AWAITING_BODY_READ) && this.#parser.atEnd()) {
          this.#parser.next();
          return this.#end(undefined);
        }
      } else {
        this.#drainedBytes += this.#parser.dataLength;
        if (this.#drainedBytes > MAX_DRAIN_BYTES) this.#owner.discard("earlyClose");
      }
      return true;
    }
    return event === END && this.#end(undefined);
  }

  /** The response is complete; `head` is given where it had no body and is still to be delivered. True: bytes of the next one are here. */
  #end(head: ResponseHead | undefined): boolean {
    if (this.#owner.requestWritten || !this.#keepable || this.#sawEof) {
      this.#settle(head);
      return this.#parser.buffered > 0;
    }
    this.#heldHead = head?.snapshot();
    this.#transition(AWAITING_WRITE);
    this.#setTimer(MAX_WRITE_WAIT_MS);
    return false;
  }

  /** Pools or closes the connection, then tells the exchange. */
  #settle(head: ResponseHead | undefined = this.#heldHead): void {
    this.#timer?.clear();
    this.#timer = undefined;
    this.#heldHead = undefined;
    const { trailers } = this.#parser; // the next response's first byte takes them away
    const exchange = this.#owner.detach();
    if (!this.#keepable || this.#sawEof) {
      this.#owner.discard("connectionClose");
    } else if (!this.#owner.requestWritten) {
      this.#owner.discard("earlyResponse");
    } else if (this.#startNext()) {
      this.#owner.resumeReading();
      this.#owner.nextStarted();
    } else if (this.#parser.buffered > 0) {
      this.#owner.discard("unsolicited");
    } else {
      this.#transition(IDLE);
      if (this.#owner.tryRelease()) this.#owner.resumeReading();
    }
    if (exchange === undefined) return;
    if (head !== undefined) exchange.onHead(head);
    if (trailers !== null) exchange.onTrailers(trailers);
    exchange.onEnd();
  }

  /** Expects the response to the request behind this one; false: there is none. */
  #startNext(): boolean {
    const request = this.#owner.nextExchange()?.request;
    if (request === undefined) return false;
    this.#transition(IDLE);
    this.start(request.isHead, request.close);
    return true;
  }

  /** Hands over what is buffered before the end of a connection; true where that was the whole rest of the response. */
  #flush(): boolean {
    this.#sawEof = true; // whoever is called meanwhile sends nothing behind it
    if (this.#advancing) return false; // the bytes are in the hands of the callback that ends the exchange
    this.#advancing = true;
    try {
      let event = this.#parser.next();
      while (event === DATA) {
        const { exchange } = this.#owner;
        if (exchange === undefined) return false; // closed or cancelled by what it was just handed
        exchange.onData(this.#parser);
        event = this.#parser.next();
      }
      if (event !== END) return false;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return false;
    } finally {
      this.#advancing = false;
    }
    this.#settle(undefined);
    return true;
  }

  #armDrain(): void {
    if (this.#timer !== undefined) return;
    this.#setTimer(MAX_DRAIN_MS);
    this.#owner.resumeReading();
  }

  #setTimer(delayMs: number): void {
    this.#timer?.clear(); // a drain's, where its response ended before its request
    this.#timer = this.#owner.clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      if (this.#state === DRAINING) this.#owner.discard("earlyClose");
      else if (this.#state === AWAITING_WRITE) this.#settle();
    });
  }

  #failFirstByte(error: SocketError | undefined): void {
    const message = `transport failed to read from server: ${error?.message ?? "EOF"}`;
    const code = error?.code ?? "firstByteRead";
    this.#owner.fail(
      new TransportError(message, { code, side: "remote", phase: "head", cause: error }),
      "firstByteRead",
    );
  }

  #failBroken(phase: "head" | "body", error: SocketError | undefined): void {
    const message = `HTTP/1.x transport connection broken: ${error?.message ?? "unexpected EOF"}`;
    const code = error?.code ?? "unexpectedEof";
    this.#owner.fail(new TransportError(message, { code, side: "remote", phase, cause: error }), "broken");
  }

  #failProtocol(error: ProtocolError): void {
    if (this.#state === DRAINING) {
      this.#owner.discard("earlyClose");
      return;
    }
    const phase = this.phase;
    const message = phase === "head" ? `HTTP/1.x transport connection broken: ${error.message}` : error.message;
    this.#owner.fail(
      new TransportError(message, { code: error.code, side: error.side, phase, cause: error }),
      "broken",
    );
  }

  #transition(to: number): void {
    if ((READ_LOOP_MOVES[this.#state]! & (1 << to)) === 0) {
      throw new Error(`read loop: ${READ_LOOP_STATES[this.#state]} → ${READ_LOOP_STATES[to]} is no move`);
    }
    this.#census.leave(this.#state);
    this.#census.enter(to);
    this.#state = to;
  }
}

/** Go's `isProtocolSwitchResponse`. */
function isProtocolSwitch(head: ResponseHead): boolean {
  const headers = head.headers();
  return headers.has("upgrade") && /(^|,)\s*upgrade\s*(,|$)/i.test(headers.get("connection") ?? "");
}

/** "HTTP/1.x 408": how some servers announce that an idle connection timed out (Go, `is408Message`). */
function startsWith408(view: Uint8Array): boolean {
  const start = String.fromCharCode(...view.subarray(0, 12));
  return /^HTTP\/1\.. 408/.test(start);
}

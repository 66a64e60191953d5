// The read loop of one connection, after `persistConn.readLoop` of Go's net/http: what the socket, the exchange and the
// write loop tell it, it makes into events of two machines. body_flow.ts says how the bytes of a response reach their
// reader, keep_alive.ts what becomes of the connection at its end. The census counts the one that is at work.

import type { ResponseParser } from "../../http1/response_parser.ts";
import type { SocketError } from "../../socket/socket_error.ts";
import type { TransportError } from "../transport_error.ts";
import { BODY_FLOW } from "./body_flow.ts";
import { KEEP_ALIVE } from "./keep_alive.ts";
import { brokenError, firstByteError } from "./read_loop_error.ts";
import { ResponseEnd, type ResponseEndOwner } from "./response_end.ts";
import { ResponseReader, type ResponseReaderOwner, type Unread } from "./response_reader.ts";
import { StateMachine } from "./state_machine.ts";

const FLOW = BODY_FLOW.states;
const FATE = KEEP_ALIVE.states;

/** What the loop needs of its connection. */
export interface ReadLoopOwner extends ResponseReaderOwner, ResponseEndOwner {}

export class ReadLoop {
  readonly #owner: ReadLoopOwner;
  readonly #parser: ResponseParser;
  readonly #flow: StateMachine;
  readonly #keepAlive: StateMachine;
  readonly #end: ResponseEnd;
  readonly #reader: ResponseReader;

  constructor(owner: ReadLoopOwner, parser: ResponseParser) {
    this.#owner = owner;
    this.#parser = parser;
    this.#flow = new StateMachine(BODY_FLOW);
    this.#keepAlive = new StateMachine(KEEP_ALIVE);
    this.#end = new ResponseEnd(owner, parser, this.#flow, this.#keepAlive);
    this.#reader = new ResponseReader(owner, parser, this.#flow, this.#keepAlive, this.#end);
  }

  /** Expects the response to a request that is about to be written. */
  start(requestCloses: boolean): void {
    this.#end.start(requestCloses);
  }

  // --- from the socket

  onData(view: Uint8Array): void {
    if (this.#keepAlive.is(FATE.idle)) {
      // Go: "Unsolicited response received on idle HTTP channel", and silence for a server's 408 before it closes
      this.#owner.discard(startsWith408(view) ? "serverClosedIdle" : "unsolicited");
      return;
    }
    if (this.#keepAlive.is(FATE.closed)) return;
    if (this.#flow.is(FLOW.awaitingFirstByte)) this.#reader.begin(false);
    else this.#owner.exchange?.onArrival();
    this.#parser.receive(view);
    try {
      this.#reader.advance(true);
    } finally {
      // also after a callback that threw: the view is every connection's, and the next read overwrites it
      if (!this.#keepAlive.is(FATE.closed)) this.#parser.retain();
    }
  }

  onEof(): void {
    switch (this.#keepAlive.state) {
      case FATE.closed:
        return;
      case FATE.idle:
        this.#owner.discard("serverClosedIdle");
        return;
      case FATE.awaitingWrite:
        this.#keepAlive.on(KEEP_ALIVE.events.eof);
        this.#end.settle();
        return;
    }
    this.#keepAlive.on(KEEP_ALIVE.events.eof);
    if (this.#flow.is(FLOW.awaitingFirstByte)) {
      this.#owner.fail(firstByteError(undefined), "firstByteRead");
      return;
    }
    this.#owner.exchange?.onArrival();
    this.#parser.receiveEof();
    this.#reader.advance(false);
  }

  /** The socket died: what arrived before is still delivered, then the error. */
  onSocketClosed(error: SocketError | undefined): void {
    if (error === undefined) this.onEof();
    switch (this.#keepAlive.state) {
      case FATE.idle:
        this.#owner.discard("serverClosedIdle");
        return;
      case FATE.awaitingWrite:
        this.#end.settle();
        return;
    }
    switch (this.#flow.state) {
      case FLOW.awaitingFirstByte:
        this.#owner.fail(firstByteError(error), "firstByteRead");
        return;
      case FLOW.readingHead:
        this.#owner.fail(brokenError("head", error), "broken");
        return;
      case FLOW.draining:
        this.#owner.discard("reset");
        return;
      case FLOW.awaitingBodyRead:
      case FLOW.readingBody:
        if (!this.#reader.flush()) this.#owner.fail(brokenError("body", error), "broken");
    }
  }

  // --- from the exchange

  wantBody(): void {
    this.#reader.wantBody();
  }

  holdBody(): void {
    this.#reader.holdBody();
  }

  closeBody(): void {
    if (this.#endUntold) this.#owner.detach(); // and it stays untold
    else this.#reader.closeBody();
  }

  /** The caller cancelled: bytes already here stay readable, then comes the error. */
  cancel(error: TransportError): void {
    if (this.#endUntold) this.#end.settle(); // the end is told, and the unfinished request costs the connection
    else if (!this.#reader.inBody || !this.#reader.flush()) this.#owner.fail(error, error.code);
  }

  // --- from the write loop

  /** The request will never be whole. Where its response ends well all the same, that is what counts. */
  onWriteFailed(error: TransportError): void {
    if (this.#keepAlive.is(FATE.awaitingWrite)) this.#end.settle();
    else if (!this.#reader.inBody || !this.#reader.flush()) this.#owner.fail(error, "writeFailed");
  }

  /** The request is written to its end. */
  onRequestWritten(): void {
    if (this.#keepAlive.is(FATE.awaitingWrite)) this.#end.settle();
  }

  close(): void {
    if (this.#keepAlive.is(FATE.closed)) return;
    this.#reader.close();
    this.#end.close();
    this.#keepAlive.on(KEEP_ALIVE.events.close);
    this.#flow.on(BODY_FLOW.events.close);
  }

  /** What the census counts it as: at any time one of the two machines is counted. */
  get counted(): number {
    return this.#keepAlive.counted === -1 ? this.#flow.counted : this.#keepAlive.counted;
  }

  /** As far as is known, the connection is kept after this response. */
  get keepable(): boolean {
    return this.#end.keepable;
  }

  /** Of a body that nobody reads; undefined: there is none. */
  get unread(): Unread | undefined {
    return this.#reader.unread;
  }

  /** How far the exchange in hand has come. */
  get phase(): "head" | "body" {
    return this.#reader.phase;
  }

  /** Whether the head of the awaited response is still to come. */
  get awaitingHead(): boolean {
    return this.#reader.awaitingHead;
  }

  // --- inside

  /** The body was delivered to its last byte; its end waits for that of the request. */
  get #endUntold(): boolean {
    return this.#keepAlive.is(FATE.awaitingWrite) && this.#flow.is(FLOW.atRest);
  }
}

/** "HTTP/1.x 408": how some servers announce that an idle connection timed out (Go, `is408Message`). */
function startsWith408(view: Uint8Array): boolean {
  const start = String.fromCharCode(...view.subarray(0, 12));
  return /^HTTP\/1\.. 408/.test(start);
}

// Reads one response after the other off a connection and hands it to its exchange, as far as the bytes at hand and the
// reader's wish allow: what drives the body flow. What a response's end means is not decided here (response_end.ts).

import type { Clock, Timer } from "../../core/clock.ts";
import { ProtocolError } from "../../http1/protocol_error.ts";
import type { ResponseHead } from "../../http1/response_head.ts";
import { DATA, END, HEAD, INFORMATIONAL, type ResponseParser } from "../../http1/response_parser.ts";
import type { HeldBody } from "../body/held_body.ts";
import type { CloseReason } from "../close_reason.ts";
import type { Exchange } from "../request/exchange.ts";
import type { TransportError } from "../transport_error.ts";
import { BODY_FLOW } from "./body_flow.ts";
import { KEEP_ALIVE } from "./keep_alive.ts";
import { malformedError } from "./read_loop_error.ts";
import type { ResponseEnd } from "./response_end.ts";
import type { StateMachine } from "./state_machine.ts";

/** An early close keeps the connection only where at most this much is left, and drains no more (Go 1.27, `maxPostCloseReadBytes`). */
const MAX_DRAIN_BYTES = 256 * 1024;

/** How long a drain may take (Go 1.27, `maxPostCloseReadTime`). */
const MAX_DRAIN_MS = 50;

const FLOW = BODY_FLOW.states;
const FLOW_EVENT = BODY_FLOW.events;
const FATE = KEEP_ALIVE.states;
const FATE_EVENT = KEEP_ALIVE.events;

/** What the reader needs of its connection. */
export interface ResponseReaderOwner {
  readonly clock: Clock;
  readonly drainOnClose: boolean;
  /** The request in hand; undefined: the connection is idle, or its body was closed early. */
  readonly exchange: Exchange | undefined;
  pauseReading(): void;
  resumeReading(): void;
  /** A 1xx arrived; true: somebody looked at it. */
  informational(status: number, head: ResponseHead): boolean;
  /** The final head is here; the connection is kept after it, or not. */
  headArrived(keepable: boolean): void;
  /** A 101: the connection is the exchange's own from here on, with the bytes that came behind the head. */
  upgrade(head: ResponseHead, received: Uint8Array): void;
  /** Take the exchange off the connection: it hears nothing any more. */
  detach(): Exchange | undefined;
  /** Close the connection for a reason that the ledger shows; the exchange, already let go, hears nothing. */
  discard(reason: CloseReason): void;
  /** Close the connection and fail its exchange. */
  fail(error: TransportError, reason: CloseReason): void;
}

/** What a connection knows of a body that nobody reads. */
export type Unread = Pick<HeldBody, "status" | "ageMs" | "bytesHere">;

export class ResponseReader {
  readonly #owner: ResponseReaderOwner;
  readonly #parser: ResponseParser;
  readonly #flow: StateMachine;
  readonly #keepAlive: StateMachine;
  readonly #end: ResponseEnd;
  /** Of the call stack, not of the response: what callbacks do while this is at work takes effect when they return. */
  #advancing = false;
  /** A count, not a state. */
  #drainedBytes = 0;
  #drainTimer: Timer | undefined = undefined;
  /** When the body was first left unread; 0: not yet. Its reader is not asked to note anything, and pays nothing. */
  #unreadSinceMs = 0;

  constructor(
    owner: ResponseReaderOwner,
    parser: ResponseParser,
    flow: StateMachine,
    keepAlive: StateMachine,
    end: ResponseEnd,
  ) {
    this.#owner = owner;
    this.#parser = parser;
    this.#flow = flow;
    this.#keepAlive = keepAlive;
    this.#end = end;
  }

  /** The first byte is here. Only now is the parser told of the response: until then the head before it stays valid. */
  begin(together: boolean): void {
    this.#flow.on(FLOW_EVENT.firstByte);
    this.#unreadSinceMs = 0;
    const exchange = this.#owner.exchange!;
    this.#parser.begin(exchange.request!.isHead);
    exchange.trace?.gotFirstResponseByte?.();
    if (this.#flow.is(FLOW.readingHead)) exchange.onFirstByte(together);
  }

  /** Moves on as far as it goes. `receiving`: the bytes at hand came just now. */
  advance(receiving: boolean): void {
    if (this.#advancing) return;
    this.#advancing = true;
    try {
      let more = true;
      while (more) {
        switch (this.#flow.state) {
          case FLOW.awaitingFirstByte: // pipelined: it came with the end of the response before
            this.begin(receiving);
            break;
          case FLOW.readingHead:
            more = this.#readHead();
            break;
          case FLOW.readingBody:
            more = this.#readBody();
            break;
          case FLOW.draining:
            more = this.#drain();
            break;
          default:
            more = false;
        }
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (this.#flow.is(FLOW.draining)) this.#owner.discard("earlyClose");
      else this.#owner.fail(malformedError(this.phase, error), "broken");
    } finally {
      this.#advancing = false;
    }
    if (this.#flow.is(FLOW.awaitingBodyRead)) this.#leaveUnread();
    else if (this.#flow.is(FLOW.draining)) this.#armDrain();
  }

  /** Hands over what is buffered before the end of a connection; true where that was the whole rest of the response. */
  flush(): boolean {
    this.#keepAlive.on(FATE_EVENT.eof); // whoever is called meanwhile sends nothing behind it
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
      if (event !== END || this.#flow.is(FLOW.closed)) return false;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return false;
    } finally {
      this.#advancing = false;
    }
    this.#flow.on(FLOW_EVENT.end);
    this.#end.settle();
    return true;
  }

  // --- from the exchange

  /** The reader wants bytes. */
  wantBody(): void {
    if (!this.#flow.is(FLOW.awaitingBodyRead)) return;
    this.#flow.on(FLOW_EVENT.read);
    if (this.#advancing) return;
    this.advance(false);
    if (this.#flow.is(FLOW.readingBody)) this.#owner.resumeReading();
  }

  /** The reader has enough. */
  holdBody(): void {
    if (!this.#flow.is(FLOW.readingBody)) return;
    this.#flow.on(FLOW_EVENT.hold);
    if (!this.#advancing) this.#leaveUnread();
  }

  /** The reader gives the body up: drain what is left, where that is little. */
  closeBody(): void {
    if (!this.inBody) return;
    this.#owner.detach();
    const left = this.#parser.head.contentLength;
    if (!this.#owner.drainOnClose || this.#keepAlive.is(FATE.closing) || left > MAX_DRAIN_BYTES) {
      this.#owner.discard("earlyClose");
      return;
    }
    this.#drainedBytes = 0;
    this.#flow.on(FLOW_EVENT.giveUp);
    this.advance(false);
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#drainTimer?.clear();
    this.#drainTimer = undefined;
  }

  /** The head is still to come. */
  get awaitingHead(): boolean {
    return this.#flow.is(FLOW.awaitingFirstByte) || this.#flow.is(FLOW.readingHead);
  }

  /** The head was delivered, the body not to its end. */
  get inBody(): boolean {
    return this.#flow.is(FLOW.awaitingBodyRead) || this.#flow.is(FLOW.readingBody);
  }

  get phase(): "head" | "body" {
    return this.awaitingHead ? "head" : "body";
  }

  /** Of a body that nobody reads; undefined: there is none. */
  get unread(): Unread | undefined {
    if (!this.#flow.is(FLOW.awaitingBodyRead)) return undefined;
    const { head, buffered } = this.#parser;
    const ageMs = this.#unreadSinceMs === 0 ? 0 : this.#owner.clock.nowMs() - this.#unreadSinceMs;
    return { status: head.status, ageMs, bytesHere: buffered };
  }

  // --- inside

  #leaveUnread(): void {
    if (this.#unreadSinceMs === 0) this.#unreadSinceMs = this.#owner.clock.nowMs();
    this.#owner.pauseReading();
  }

  /** Like those after it: false until more bytes come, or somebody asks for them. */
  #readHead(): boolean {
    const event = this.#parser.next();
    const { head } = this.#parser;
    if (event === INFORMATIONAL) {
      if (this.#owner.informational(head.status, head)) this.#parser.forgiveInformational();
      return true;
    }
    if (event !== HEAD) return false;
    if (head.close || head.status < 200) this.#keepAlive.on(FATE_EVENT.closeSaid);
    if (head.status === 101 && isProtocolSwitch(head)) {
      this.#owner.upgrade(head, this.#parser.takeBuffered());
      return false;
    }
    this.#owner.headArrived(!this.#keepAlive.is(FATE.closing));
    if (this.#flow.is(FLOW.closed)) return false;
    if (!head.hasBody) {
      this.#parser.next(); // END, which needs no byte
      return this.#whole(FLOW_EVENT.noBody);
    }
    this.#flow.on(FLOW_EVENT.body);
    this.#owner.exchange!.onHead(head);
    return true;
  }

  #readBody(): boolean {
    const event = this.#parser.next();
    if (event !== DATA) return event === END && this.#whole(FLOW_EVENT.end);
    this.#owner.exchange!.onData(this.#parser);
    // as in Go the last bytes bring the end along: it needs no further read
    if (this.#flow.is(FLOW.awaitingBodyRead) && this.#parser.atEnd()) {
      this.#parser.next();
      return this.#whole(FLOW_EVENT.end);
    }
    return true;
  }

  #drain(): boolean {
    const event = this.#parser.next();
    if (event === END) {
      this.close();
      return this.#whole(FLOW_EVENT.end);
    }
    if (event !== DATA) return false;
    this.#drainedBytes += this.#parser.dataLength;
    if (this.#drainedBytes > MAX_DRAIN_BYTES) this.#owner.discard("earlyClose");
    return true;
  }

  /** The response is whole. True: bytes of the next one are here. */
  #whole(event: number): boolean {
    this.#flow.on(event);
    this.#end.reached();
    return this.#parser.buffered > 0;
  }

  #armDrain(): void {
    if (this.#drainTimer !== undefined) return;
    this.#drainTimer = this.#owner.clock.setTimer(MAX_DRAIN_MS, () => this.#owner.discard("earlyClose"));
    this.#owner.resumeReading();
  }
}

/** Go's `isProtocolSwitchResponse`. */
function isProtocolSwitch(head: ResponseHead): boolean {
  return head.values("upgrade").length > 0 && /(^|,)\s*upgrade\s*(,|$)/i.test(head.values("connection").join());
}

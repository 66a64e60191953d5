import type { Clock, Timer } from "../core/clock.ts";
import type { Link } from "../core/linked_list.ts";
import { ResponseParser } from "../http1/response_parser.ts";
import type { Socket, SocketHandler } from "../socket/socket.ts";
import type { SocketError } from "../socket/socket_error.ts";
import type { Carrier, Exchange } from "./exchange.ts";
import type { LoopCensus } from "./loop_census.ts";
import type { Settings } from "./options.ts";
import type { PreparedRequest } from "./prepared_request.ts";
import { ReadLoop, type ReadLoopOwner } from "./read_loop.ts";
import type { Trace } from "./trace.ts";
import { TransportError } from "./transport_error.ts";
import { WriteLoop } from "./write_loop.ts";

/** Bytes on the wire, counted for the whole transport. */
export interface Traffic {
  bytesSent: number;
  bytesReceived: number;
}

/** What a connection needs of the pool that dialed it. */
export interface ConnectionOwner {
  readonly settings: Settings;
  readonly readLoops: LoopCensus;
  readonly writeLoops: LoopCensus;
  readonly traffic: Traffic;
  opened(connection: PersistentConnection): void;
  dialFailed(connection: PersistentConnection, error: SocketError | undefined): void;
  /** Takes the connection back; a word: why not. */
  tryPutIdle(connection: PersistentConnection): string | undefined;
  closed(connection: PersistentConnection, reason: string): void;
  /** An exchange lost its connection; `reason` is the one that the ledger shows. */
  exchangeFailed(exchange: Exchange, error: TransportError, reason: string, reused: boolean): void;
}

/** Where a connection stands: in exactly one of these places, and only the pool moves it. */
export type Place = "dialing" | "inUse" | "idle" | "closed";

/** One connection with its two loops, from dial to close: Go's `persistConn`. */
export class PersistentConnection implements SocketHandler, ReadLoopOwner, Carrier {
  /** Owned by the pool. */
  place: Place = "dialing";
  /** It carried a request before, or was idle. Owned by the pool. */
  reused = false;
  /** Owned by the pool. */
  idleSinceMs = 0;
  /** This connection in its host's idle list, and in the list of all by age; made when it is first idle, as a held one never is. Owned by the pool. */
  hostLink: Link<PersistentConnection> | undefined = undefined;
  ageLink: Link<PersistentConnection> | undefined = undefined;

  exchange: Exchange | undefined = undefined;
  requestWritten = true;
  readonly #owner: ConnectionOwner;
  readonly #settings: Settings;
  #socket!: Socket;
  /** The loops start when the dial is done. */
  #readLoop!: ReadLoop;
  #writeLoop!: WriteLoop;
  #trace: Trace | undefined = undefined;
  #reading = true;
  #headTimer: Timer | undefined = undefined;

  constructor(owner: ConnectionOwner) {
    this.#owner = owner;
    this.#settings = owner.settings;
  }

  get clock(): Clock {
    return this.#settings.clock;
  }

  get drainOnClose(): boolean {
    return this.#settings.drainOnClose;
  }

  // --- from the pool

  /** The socket of the dial in progress. */
  attach(socket: Socket): void {
    this.#socket = socket;
  }

  /** Gives the dial up; the pool keeps its own account of it. */
  abandon(): void {
    this.#socket.destroy();
  }

  /** Sends a request and expects its response. */
  start(exchange: Exchange, request: PreparedRequest): void {
    this.exchange = exchange;
    this.#trace = exchange.trace;
    this.requestWritten = false;
    exchange.carrier = this;
    this.#readLoop.start(request.isHead, request.close);
    exchange.onSent();
    this.#owner.traffic.bytesSent += request.bytes.length + (request.largeBody?.length ?? 0);
    const whole = this.#writeLoop.start(this.#socket, request);
    this.#trace?.wroteHeaders?.();
    if (whole && this.place === "inUse") this.#written();
  }

  /** Closes the open connection; the ledger shows why. Its exchange, where it has one, is failed by `fail` instead. */
  discard(reason: string): void {
    if (this.place === "closed") return;
    this.#headTimer?.clear();
    this.#readLoop.close();
    this.#writeLoop.close();
    this.#socket.destroy();
    this.#owner.closed(this, reason);
  }

  // --- from the socket

  onOpen(): void {
    this.#readLoop = new ReadLoop(
      this,
      new ResponseParser({ maxHeadBytes: this.#settings.maxResponseHeaderBytes }),
      this.#owner.readLoops,
    );
    this.#writeLoop = new WriteLoop(this.#owner.writeLoops);
    this.#owner.opened(this);
  }

  onData(view: Uint8Array): void {
    this.#owner.traffic.bytesReceived += view.length;
    this.#readLoop.onData(view);
  }

  onDrain(): void {
    if (this.#writeLoop.idle) return;
    this.#writeLoop.drained();
    this.#written();
  }

  onEnd(): void {
    this.#readLoop.onEof();
  }

  onClose(error: SocketError | undefined): void {
    if (this.place === "dialing") this.#owner.dialFailed(this, error);
    else this.#readLoop.onSocketClosed(error);
  }

  // --- from the exchange

  get phase(): "head" | "body" {
    return this.#readLoop.phase;
  }

  wantBody(): void {
    this.#readLoop.wantBody();
  }

  holdBody(): void {
    this.#readLoop.holdBody();
  }

  closeBody(): void {
    this.#readLoop.closeBody();
  }

  cancel(error: TransportError): void {
    this.#readLoop.cancel(error);
  }

  // --- from the read loop

  pauseReading(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#socket.pause();
  }

  resumeReading(): void {
    if (this.#reading || this.place === "closed") return;
    this.#reading = true;
    this.#socket.resume();
  }

  detach(): Exchange | undefined {
    const exchange = this.exchange;
    this.exchange = undefined;
    if (exchange !== undefined) exchange.carrier = undefined;
    this.#headTimer?.clear();
    this.#headTimer = undefined;
    return exchange;
  }

  tryRelease(): boolean {
    const trace = this.#trace; // the next exchange brings its own
    const refused = this.#owner.tryPutIdle(this);
    trace?.putIdleConn?.(refused);
    if (refused !== undefined) this.discard(refused);
    return refused === undefined;
  }

  fail(error: TransportError, reason: string): void {
    const exchange = this.detach();
    this.discard(reason);
    if (exchange !== undefined) this.#owner.exchangeFailed(exchange, error, reason, this.reused);
  }

  // --- inside

  #written(): void {
    this.requestWritten = true;
    this.#trace?.wroteRequest?.();
    const timeoutMs = this.#settings.responseHeaderTimeoutMs;
    if (timeoutMs > 0 && this.#readLoop.awaitingHead) {
      this.#headTimer = this.clock.setTimer(timeoutMs, () => {
        if (!this.#readLoop.awaitingHead) return;
        const message = "timeout awaiting response headers";
        this.fail(
          new TransportError(message, { code: "responseHeaderTimeout", side: "remote", phase: "head" }),
          "timeout",
        );
      });
    }
    this.#readLoop.onRequestWritten();
  }
}

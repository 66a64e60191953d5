import type { Clock, Timer } from "../../core/clock.ts";
import { Link } from "../../core/linked_list.ts";
import { LF } from "../../http1/byte_class.ts";
import { decodeFields } from "../../http1/field_section.ts";
import type { ResponseHead } from "../../http1/response_head.ts";
import { ResponseParser } from "../../http1/response_parser.ts";
import type { Socket, SocketHandler } from "../../socket/socket.ts";
import type { SocketError } from "../../socket/socket_error.ts";
import type { TlsState } from "../../socket/tls.ts";
import { Tunnel } from "../body/tunnel.ts";
import type { Traffic } from "../census.ts";
import type { LoopCensus } from "../loop_census.ts";
import type { Settings } from "../options/options.ts";
import type { HostPool } from "../pool/host_pool.ts";
import { CLOSED, IN_USE } from "../pool/place.ts";
import type { Carrier, Exchange } from "../request/exchange.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import type { Trace } from "../trace.ts";
import { TransportError } from "../transport_error.ts";
import { Pipeline, type PipelineOwner } from "./pipeline.ts";
import { ReadLoop, type ReadLoopOwner } from "./read_loop.ts";
import { WriteLoop, type WriteLoopOwner } from "./write_loop.ts";

/** What a connection needs of the pool that dialed it. */
export interface ConnectionOwner {
  readonly settings: Settings;
  readonly readLoops: LoopCensus;
  readonly writeLoops: LoopCensus;
  readonly traffic: Traffic;
  /** Takes the connection back; a word: why not. `timed`: somebody may want to know how long it was idle. */
  tryPutIdle(connection: PersistentConnection, timed: boolean): string | undefined;
  closed(connection: PersistentConnection, reason: string): void;
  /** A request was written, or a response of several that were pipelined has ended: there may be room for another. */
  roomMade(connection: PersistentConnection): void;
  exchangeFailed(exchange: Exchange, error: TransportError, loss: Loss, reused: boolean): void;
}

/** How an exchange lost its connection, as far as sending it again depends on that. */
export type Loss = "nothingWritten" | "firstByteRead" | "other";

/** What a connection needs to be idle. Owned by the pool. */
export class IdlePlace {
  /** In its host's idle list. */
  readonly inHost: Link<PersistentConnection>;
  /** In the list of all, by the time they became idle. */
  readonly byAge: Link<PersistentConnection>;
  /** 0: nobody wants to know. */
  sinceMs = 0;
  /** The connection does not keep the process alive. */
  asleep = false;

  constructor(connection: PersistentConnection) {
    this.inHost = new Link(connection);
    this.byAge = new Link(connection);
  }
}

/** One open connection with its two loops: Go's `persistConn`. */
export class PersistentConnection implements SocketHandler, ReadLoopOwner, WriteLoopOwner, PipelineOwner, Carrier {
  readonly host: HostPool<PersistentConnection>;
  /** Undefined: plain. */
  readonly tls: TlsState | undefined;
  /** Owned by the pool. */
  place = IN_USE;
  /** It carried a request before, or was idle. Owned by the pool. */
  reused = false;
  /** Made when it is first idle, as a held one never is. Owned by the pool. */
  idlePlace: IdlePlace | undefined = undefined;

  /** Given where the transport pipelines. */
  readonly pipeline: Pipeline<PersistentConnection> | undefined;
  exchange: Exchange | undefined = undefined;
  requestWritten = true;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #readLoop: ReadLoop;
  readonly #writeLoop: WriteLoop;
  #trace: Trace | undefined = undefined;
  #reading = true;
  /** Of the request in hand, any byte was given to the socket. */
  #wroteAny = false;
  #headTimer: Timer | undefined = undefined;

  /** Takes over an open socket. */
  constructor(
    owner: ConnectionOwner,
    host: HostPool<PersistentConnection>,
    socket: Socket,
    tls: TlsState | undefined,
  ) {
    this.#owner = owner;
    this.host = host;
    this.tls = tls;
    this.pipeline = owner.settings.pipelining > 1 ? new Pipeline(this) : undefined;
    this.#socket = socket;
    const parser = new ResponseParser({ maxHeadBytes: owner.settings.maxResponseHeaderBytes });
    this.#readLoop = new ReadLoop(this, parser, owner.readLoops);
    this.#writeLoop = new WriteLoop(this, owner.writeLoops);
    socket.handover(this);
  }

  get clock(): Clock {
    return this.#owner.settings.clock;
  }

  get drainOnClose(): boolean {
    return this.#owner.settings.drainOnClose;
  }

  get expectContinueTimeoutMs(): number {
    return this.#owner.settings.expectContinueTimeoutMs;
  }

  // --- from the pool

  /** Sends a request and expects its response. */
  start(exchange: Exchange, request: PreparedRequest, wasIdle: boolean): void {
    this.exchange = exchange;
    this.#trace = exchange.trace;
    this.requestWritten = false;
    this.#wroteAny = false;
    exchange.carrier = this;
    exchange.tls = this.tls;
    this.#readLoop.start(request.isHead, request.close);
    if (this.#trace?.gotConn !== undefined && !this.#tellGotConn(this.#trace, wasIdle)) return;
    exchange.onSent(this.pipeline?.holding === true);
    if (this.place === CLOSED) return; // cancelled by what it was just told
    if (this.#writeLoop.start(request, exchange.upload) && this.place === IN_USE) this.written();
  }

  /** Whether another request may be written behind those under way. */
  get hasRoom(): boolean {
    const { pipeline, exchange } = this;
    return pipeline !== undefined && exchange !== undefined && this.place === IN_USE && this.requestWritten &&
      pipeline.size + 1 < this.#owner.settings.pipelining && exchange.request!.pipelinable && this.#readLoop.keepable;
  }

  /** Writes a request behind those under way, where there is room. */
  join(exchange: Exchange, request: PreparedRequest): void {
    this.requestWritten = false; // what a hook sends meanwhile goes elsewhere: requests and responses keep one order
    this.pipeline!.push(exchange);
    exchange.tls = this.tls;
    const { trace } = exchange;
    trace?.gotConn?.({ reused: true, wasIdle: false, idleTimeMs: 0 });
    if (exchange.carrier !== this.pipeline) return; // cancelled by what it was just told
    exchange.onSent(this.pipeline!.holding);
    if (exchange.carrier !== this.pipeline) return;
    this.write(request.bytes);
    this.requestWritten = true;
    if (trace === undefined) return;
    tellHead(request.bytes, trace);
    trace.wroteRequest?.(undefined);
  }

  /** Holds writes back until they are worth a system call; true: until the caller's `uncork`. */
  cork(): boolean {
    return this.pipeline?.cork() === true;
  }

  uncork(): void {
    this.pipeline!.uncork();
    this.#writeHeld(this.pipeline!);
  }

  /** A request behind the one in hand was cancelled. */
  breakPipeline(reason: string): void {
    this.fail(pipelineBroken("a request on the same connection was canceled", "local"), reason);
  }

  /** Lets the process end although this connection is open. */
  sleep(): void {
    this.#socket.unref();
  }

  /** Undoes `sleep`. */
  wake(): void {
    this.#socket.ref();
  }

  /** Closes the open connection; the ledger shows why. Its exchange, where it has one, is failed by `fail` instead. */
  discard(reason: string): void {
    if (this.place === CLOSED) return;
    this.#socket.destroy();
    this.#leave(reason);
  }

  // --- from the socket

  /** Told to the dial. */
  onOpen(): void {}

  onData(view: Uint8Array): void {
    this.#owner.traffic.bytesReceived += view.length;
    const corked = this.pipeline !== undefined && this.cork();
    try {
      this.#readLoop.onData(view);
    } finally {
      if (corked) this.uncork();
    }
  }

  onDrain(): void {
    this.#writeLoop.drained();
  }

  onEnd(): void {
    this.#readLoop.onEof();
  }

  onClose(error: SocketError | undefined): void {
    this.#readLoop.onSocketClosed(error);
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
    if (this.#reading || this.place === CLOSED) return;
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

  nextExchange(): Exchange | undefined {
    const next = this.pipeline?.shift();
    if (next === undefined) return undefined;
    this.exchange = next;
    next.carrier = this;
    this.#trace = next.trace;
    this.reused = true;
    return next;
  }

  nextStarted(): void {
    this.#armHeadTimer();
    this.#owner.roomMade(this);
  }

  tryRelease(): boolean {
    const trace = this.#trace; // the next exchange brings its own
    const refused = this.#owner.tryPutIdle(this, trace?.gotConn !== undefined);
    if (refused !== "keepAlivesDisabled") trace?.putIdleConn?.(refused);
    if (refused !== undefined) this.discard(refused);
    return refused === undefined;
  }

  informational(status: number, head: ResponseHead): boolean {
    const trace = this.#trace;
    if (status === 100 && this.#writeLoop.awaitingContinue) trace?.got100Continue?.();
    const heard = trace?.got1xxResponse !== undefined;
    if (heard) trace.got1xxResponse!(status, head.headers());
    if (status === 100) this.#writeLoop.continue(); // last: the hooks hear of the 100 before the end of the write
    return heard;
  }

  headArrived(keepable: boolean): void {
    if (!this.#writeLoop.awaitingContinue) return;
    if (keepable) this.#writeLoop.continue();
    else this.#writeLoop.skipBody();
  }

  upgrade(head: ResponseHead, received: Uint8Array): void {
    const exchange = this.detach()!;
    this.#leave("upgraded");
    const tunnel = new Tunnel(this.#socket, received);
    exchange.onHead(head);
    exchange.onUpgrade(tunnel);
  }

  fail(error: TransportError, reason: string): void {
    const exchange = this.detach();
    this.discard(reason);
    if (exchange === undefined) return;
    const loss = reason !== "firstByteRead" ? "other" : this.#wroteAny ? reason : "nothingWritten";
    this.#owner.exchangeFailed(exchange, error, loss, this.reused);
  }

  // --- from the write loop

  write(bytes: Uint8Array): boolean {
    this.#wroteAny = true;
    if (this.pipeline !== undefined) {
      if (this.pipeline.holds(bytes)) return true;
      this.#writeHeld(this.pipeline);
    }
    return this.#writeNow(bytes);
  }

  headWritten(head: Uint8Array): void {
    if (this.#trace !== undefined) tellHead(head, this.#trace);
  }

  awaitsContinue(): void {
    this.#trace?.wait100Continue?.();
  }

  written(): void {
    this.requestWritten = true;
    this.#trace?.wroteRequest?.(undefined);
    if (this.#readLoop.awaitingHead) this.#armHeadTimer();
    this.#readLoop.onRequestWritten();
    if (this.pipeline !== undefined) this.#owner.roomMade(this);
  }

  writeFailed(error: TransportError): void {
    this.#trace?.wroteRequest?.(error);
    this.#readLoop.onWriteFailed(error);
  }

  // --- inside

  #writeHeld(pipeline: Pipeline<PersistentConnection>): void {
    const held = pipeline.takeHeld();
    if (held !== undefined && this.place !== CLOSED) this.#writeNow(held);
  }

  #writeNow(bytes: Uint8Array): boolean {
    this.#owner.traffic.bytesSent += bytes.length;
    return this.#socket.write(bytes);
  }

  #armHeadTimer(): void {
    const timeoutMs = this.#owner.settings.responseHeaderTimeoutMs;
    if (timeoutMs === 0) return;
    this.#headTimer = this.clock.setTimer(timeoutMs, () => {
      if (!this.#readLoop.awaitingHead) return;
      const message = "timeout awaiting response headers";
      this.fail(
        new TransportError(message, { code: "responseHeaderTimeout", side: "remote", phase: "head" }),
        "timeout",
      );
    });
  }

  /** False: the hook ended the exchange. */
  #tellGotConn(trace: Trace, wasIdle: boolean): boolean {
    const sinceMs = wasIdle ? this.idlePlace!.sinceMs : 0;
    const idleTimeMs = sinceMs > 0 ? this.clock.nowMs() - sinceMs : 0;
    trace.gotConn!({ reused: this.reused, wasIdle, idleTimeMs });
    return this.place !== CLOSED;
  }

  /** The connection is nobody's any more; the ledger shows why. */
  #leave(reason: string): void {
    this.#headTimer?.clear();
    this.#readLoop.close();
    this.#writeLoop.close();
    this.#owner.closed(this, reason);
    if (this.pipeline !== undefined) this.#failPipeline(this.pipeline);
  }

  /** Nothing came of the responses to what stands behind the request in hand. */
  #failPipeline(pipeline: Pipeline<PersistentConnection>): void {
    for (let lost = pipeline.shift(); lost !== undefined; lost = pipeline.shift()) {
      const error = pipelineBroken("the connection closed before the response to a pipelined request", "remote");
      this.#owner.exchangeFailed(lost, error, "firstByteRead", true);
    }
  }
}

function pipelineBroken(message: string, side: "local" | "remote"): TransportError {
  return new TransportError(message, { code: "pipelineBroken", side, phase: "head" });
}

/** The head's bytes are with the socket. */
function tellHead(head: Uint8Array, trace: Trace): void {
  if (trace.wroteHeaderField !== undefined) tellFields(head, trace);
  trace.wroteHeaders?.();
}

/** The fields of an encoded head, which ends before a body that may follow in the same bytes. */
function tellFields(head: Uint8Array, trace: Trace): void {
  const start = head.indexOf(LF) + 1;
  for (const [name, value] of decodeFields(head, start, head.length)) trace.wroteHeaderField!(name, value);
}

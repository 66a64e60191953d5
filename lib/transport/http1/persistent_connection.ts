// One open HTTP/1.1 connection, after Go's `persistConn`: a socket, its read loop and its write loop, and between them the
// exchange in hand. Whom it serves next is the pool's business; requests behind the one in hand stand in the pipeline.

import type { Clock } from "../../core/clock.ts";
import type { Roster } from "../../core/roster.ts";
import type { ResponseHead } from "../../http1/response_head.ts";
import { ResponseParser } from "../../http1/response_parser.ts";
import type { Socket, SocketHandler } from "../../socket/socket.ts";
import type { SocketError } from "../../socket/socket_error.ts";
import type { TlsState } from "../../socket/tls.ts";
import { Tunnel } from "../body/tunnel.ts";
import type { Traffic } from "../census.ts";
import type { CloseReason } from "../close_reason.ts";
import { headLimits, type Settings } from "../options/options.ts";
import type { Connection, ConnectionOwner } from "../pool/connection.ts";
import type { Carrier, Exchange } from "../request/exchange.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import type { GotConnInfo, Trace } from "../trace.ts";
import { TransportError } from "../transport_error.ts";
import { HeadTimer, type HeadTimerOwner } from "./head_timer.ts";
import { tellHead, tellInformational } from "./head_trace.ts";
import { isPipelinable, Pipeline, type PipelineOwner } from "./pipeline.ts";
import { ReadLoop, type ReadLoopOwner } from "./read_loop.ts";
import { WriteLoop, type WriteLoopOwner } from "./write_loop.ts";

/** What the connections of one transport share. */
export interface Shared {
  readonly settings: Settings;
  readonly traffic: Traffic;
  readonly open: Roster<PersistentConnection>;
}

export class PersistentConnection
  implements Connection, SocketHandler, ReadLoopOwner, WriteLoopOwner, PipelineOwner, HeadTimerOwner, Carrier {
  /** Owned by the roster of those open. */
  seat = 0;
  /** Undefined: plain. */
  readonly tls: TlsState | undefined;
  /** Given where the transport pipelines. */
  readonly pipeline: Pipeline | undefined;
  /** Only the census sees them, and the connection itself. */
  readonly readLoop: ReadLoop;
  readonly writeLoop: WriteLoop;
  exchange: Exchange | undefined = undefined;
  requestWritten = true;
  readonly #owner: ConnectionOwner;
  readonly #shared: Shared;
  readonly #socket: Socket;
  readonly #headTimer: HeadTimer | undefined;
  #open = true;
  #reading = true;
  /** Bytes from the socket are being worked on. */
  #receiving = false;
  #trace: Trace | undefined = undefined;
  /** To the exchange in hand this is a connection that has served before. */
  #reused = false;
  /** Of the request in hand, any byte was given to the socket. */
  #wroteAny = false;

  /** Takes over an open socket. */
  constructor(shared: Shared, owner: ConnectionOwner, socket: Socket, tls: TlsState | undefined) {
    this.#shared = shared;
    this.#owner = owner;
    this.tls = tls;
    this.pipeline = shared.settings.pipelining > 1 ? new Pipeline(this, owner, shared.settings.pipelining) : undefined;
    this.#socket = socket;
    const parser = new ResponseParser(headLimits(shared.settings));
    this.readLoop = new ReadLoop(this, parser);
    this.writeLoop = new WriteLoop(this);
    const { responseHeaderTimeoutMs } = shared.settings;
    this.#headTimer = responseHeaderTimeoutMs > 0 ? new HeadTimer(this, responseHeaderTimeoutMs) : undefined;
    shared.open.add(this);
    socket.handover(this);
  }

  get clock(): Clock {
    return this.#shared.settings.clock;
  }

  get drainOnClose(): boolean {
    return this.#shared.settings.drainOnClose;
  }

  get expectContinueTimeoutMs(): number {
    return this.#shared.settings.expectContinueTimeoutMs;
  }

  // --- from the pool

  /** Where the transport pipelines: the request before is written, and its response will keep the connection. */
  get hasRoom(): boolean {
    const { pipeline, exchange } = this;
    return pipeline !== undefined && exchange !== undefined && this.requestWritten && !pipeline.full &&
      isPipelinable(exchange.request!) && this.readLoop.keepable;
  }

  admits(request: PreparedRequest): boolean {
    return isPipelinable(request);
  }

  start(exchange: Exchange, request: PreparedRequest, got: GotConnInfo): void {
    const { pipeline } = this;
    if (this.exchange !== undefined) pipeline!.join(exchange, request, got);
    else {
      const held = pipeline?.cork.hold();
      this.#send(exchange, request, got);
      if (held) pipeline!.cork.release();
    }
  }

  sleep(): void {
    this.#socket.unref();
  }

  wake(): void {
    this.#socket.ref();
  }

  discard(reason: CloseReason): void {
    if (!this.#open) return;
    this.#socket.destroy();
    this.#leave(reason);
  }

  fail(error: TransportError, reason: CloseReason): void {
    const exchange = this.detach();
    this.discard(reason);
    if (exchange === undefined) return;
    const loss = reason !== "firstByteRead" ? "other" : this.#wroteAny ? "firstByteRead" : "nothingWritten";
    this.#owner.exchangeFailed(exchange, error, loss, this.#reused);
  }

  // --- from the socket

  onOpen(): void {} // told to the dial

  onData(view: Uint8Array): void {
    this.#shared.traffic.bytesReceived += view.length;
    const { pipeline } = this;
    const held = pipeline !== undefined && pipeline.cork.hold();
    this.#receiving = true;
    try {
      this.readLoop.onData(view);
    } finally {
      this.#receiving = false;
      this.#owner.told();
      if (held) pipeline.cork.release();
    }
  }

  onDrain(): void {
    this.writeLoop.drained();
  }

  onEnd(): void {
    this.readLoop.onEof();
  }

  onClose(error: SocketError | undefined): void {
    this.readLoop.onSocketClosed(error);
  }

  // --- from the exchange

  get phase(): "head" | "body" {
    return this.readLoop.phase;
  }

  wantBody(): void {
    this.readLoop.wantBody();
  }

  holdBody(): void {
    this.readLoop.holdBody();
  }

  closeBody(): void {
    this.readLoop.closeBody();
  }

  cancel(error: TransportError): void {
    this.readLoop.cancel(error);
  }

  // --- from the head's timer

  get awaitingHead(): boolean {
    return this.readLoop.awaitingHead;
  }

  // --- from the read loop

  pauseReading(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#socket.pause();
  }

  resumeReading(): void {
    if (this.#reading || !this.#open) return;
    this.#reading = true;
    this.#socket.resume();
  }

  detach(): Exchange | undefined {
    const exchange = this.exchange;
    this.exchange = undefined;
    if (exchange !== undefined) exchange.carrier = undefined;
    this.#headTimer?.clear();
    return exchange;
  }

  nextExchange(): Exchange | undefined {
    const next = this.pipeline?.shift();
    if (next === undefined) return undefined;
    this.exchange = next;
    next.carrier = this;
    this.#trace = next.trace;
    this.#reused = true;
    return next;
  }

  nextStarted(): void {
    this.#headTimer?.arm();
    this.#owner.roomMade();
  }

  tryRelease(): boolean {
    const trace = this.#trace; // the next exchange brings its own
    const refused = this.#owner.release(trace?.gotConn !== undefined, this.#receiving);
    if (refused !== "keepAlivesDisabled") trace?.putIdleConn?.(refused);
    if (refused !== undefined) this.discard(refused);
    return refused === undefined;
  }

  informational(status: number, head: ResponseHead): boolean {
    const heard = tellInformational(status, head, this.writeLoop.awaitingContinue, this.#trace);
    if (status === 100) this.writeLoop.continue(); // last: the hooks hear of the 100 before the end of the write
    return heard;
  }

  headArrived(keepable: boolean): void {
    if (!this.writeLoop.awaitingContinue) return;
    if (keepable) this.writeLoop.continue();
    else this.writeLoop.skipBody();
  }

  upgrade(head: ResponseHead, received: Uint8Array): void {
    const exchange = this.detach()!;
    this.#leave("upgraded");
    const tunnel = new Tunnel(this.#socket, received);
    exchange.onHead(head);
    exchange.onUpgrade(tunnel);
  }

  // --- from the cork

  writeNow(bytes: Uint8Array): boolean {
    if (!this.#open) return true;
    this.#shared.traffic.bytesSent += bytes.length;
    return this.#socket.write(bytes);
  }

  // --- from the write loop

  write(bytes: Uint8Array): boolean {
    this.#wroteAny = true;
    return this.pipeline === undefined ? this.writeNow(bytes) : this.pipeline.cork.write(bytes);
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
    if (this.awaitingHead) this.#headTimer?.arm();
    this.readLoop.onRequestWritten();
    if (this.pipeline !== undefined) this.#owner.roomMade();
  }

  writeFailed(error: TransportError): void {
    this.#trace?.wroteRequest?.(error);
    this.readLoop.onWriteFailed(error);
  }

  // --- inside

  #send(exchange: Exchange, request: PreparedRequest, got: GotConnInfo): void {
    this.exchange = exchange;
    this.#trace = exchange.trace;
    this.#reused = got.reused;
    this.requestWritten = false;
    this.#wroteAny = false;
    exchange.carrier = this;
    exchange.tls = this.tls;
    this.readLoop.start(request.close);
    this.#trace?.gotConn?.(got);
    if (!this.#open) return; // cancelled by what it was just told
    exchange.onSent(this.pipeline?.cork.holding === true);
    if (!this.#open) return;
    if (this.writeLoop.start(request, exchange.upload) && this.#open) this.written();
  }

  /** The connection is nobody's any more; the census shows why. */
  #leave(reason: CloseReason): void {
    this.#open = false;
    this.#shared.open.remove(this);
    this.#headTimer?.clear();
    this.readLoop.close();
    this.writeLoop.close();
    this.#owner.closed(reason);
    this.pipeline?.failAll();
  }
}

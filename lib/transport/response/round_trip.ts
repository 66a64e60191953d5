// One request's promise face: from callbacks to a promise for the head and a queue for the body.

import { copyBytes } from "../../core/bytes.ts";
import type { Clock } from "../../core/clock.ts";
import { BodyQueue } from "../body/body_queue.ts";
import { GunzipSource } from "../body/gunzip_body.ts";
import type { LeakWatch, WatchedBody } from "../body/leak_watch.ts";
import { ResponseBody } from "../body/response_body.ts";
import type { Tunnel } from "../body/tunnel.ts";
import type { Head, Trailers } from "../head.ts";
import { type BodyChunk, Exchange } from "../request/exchange.ts";
import { type Phase, TransportError } from "../transport_error.ts";
import { Response } from "./response.ts";

/** What a round trip needs beside its request. */
export interface RoundTripParts {
  resolve(response: Response): void;
  reject(error: TransportError): void;
  readonly signal: AbortSignal | undefined;
  /** Where given, a read that `close` finds pending has a moment left. */
  readonly clock: Clock | undefined;
  readonly leaks: LeakWatch | undefined;
  /** Given where leaks are watched for. */
  readonly caller: Error | undefined;
  /** Nothing more can come: the body ended or was closed, or broke. */
  readonly onDone: (() => void) | undefined;
}

/**
 * The promise face: an exchange that becomes a `Response`. It knows the body's queue, never the response or the body that
 * the caller holds: the connection holds the exchange, and the garbage collector must see what the caller drops.
 */
export class RoundTrip extends Exchange implements WatchedBody {
  readonly #signal: AbortSignal | undefined;
  readonly #queue: BodyQueue;
  readonly #leaks: LeakWatch | undefined;
  readonly #caller: Error | undefined;
  readonly #onDone: (() => void) | undefined;
  /** Who waits for the response; gone once it is here, because the promise behind it holds the response. */
  #awaiter: Pick<RoundTripParts, "resolve" | "reject"> | undefined;
  /** The head of a switch of protocols, until the tunnel follows. */
  #switching: Head | undefined = undefined;
  #trailers: Trailers | undefined = undefined;
  #status = 0;

  constructor({ resolve, reject, signal, clock, leaks, caller, onDone }: RoundTripParts) {
    super();
    this.#awaiter = { resolve, reject };
    this.#signal = signal;
    this.#leaks = leaks;
    this.#caller = caller;
    this.#onDone = onDone;
    this.#queue = new BodyQueue({ read: () => this.read(), close: () => this.#closeBody() }, clock);
    signal?.addEventListener("abort", this.#onAbort);
  }

  override onHead(head: Head): void {
    if (head.status === 101 && this.carrier === undefined) {
      this.#switching = head.snapshot();
      return;
    }
    const { asksGzip } = this.request!;
    const own = head.snapshot();
    this.#status = own.status;
    const uncompressed = asksGzip && head.hasBody && isGzip(own);
    const body = new ResponseBody(uncompressed ? new GunzipSource(this.#queue) : this.#queue);
    if (this.#leaks !== undefined && head.hasBody) this.#leaks.watch(body, this);
    this.#resolve(own, body, uncompressed, undefined);
  }

  override onUpgrade(tunnel: Tunnel): void {
    this.#done();
    this.#resolve(this.#switching!, new ResponseBody(tunnel), false, tunnel);
  }

  override onData(chunk: BodyChunk): void {
    this.pause();
    this.#queue.push(copyBytes(chunk.data()));
  }

  override onTrailers(trailers: Trailers): void {
    this.#trailers = trailers;
  }

  override onEnd(): void {
    this.#done();
    // a 101 without a switch of protocols has no tunnel to wait for
    if (this.#switching !== undefined) this.#resolve(this.#switching, new ResponseBody(this.#queue), false, undefined);
    this.#queue.end();
  }

  override onError(error: TransportError): void {
    this.#done();
    this.#awaiter?.reject(error);
    this.#awaiter = undefined;
    this.#queue.fail(error);
  }

  // --- for the leak watch

  get method(): string {
    return this.request!.method;
  }

  get url(): string {
    return this.request!.url;
  }

  get status(): number {
    return this.#status;
  }

  override get caller(): Error | undefined {
    return this.#caller;
  }

  get open(): boolean {
    return this.#queue.open;
  }

  reclaim(): void {
    this.cancel(new TransportError("the body was dropped", { code: "leaked", side: "local", phase: "body" }));
  }

  // --- inside

  #resolve(head: Head, body: ResponseBody, uncompressed: boolean, tunnel: Tunnel | undefined): void {
    const trailers = () => this.#queue.finished ? this.#trailers?.headers() : undefined;
    this.#awaiter?.resolve(new Response({ head, body, url: this.url, uncompressed, tunnel, trailers, tls: this.tls }));
    this.#awaiter = undefined;
  }

  /** The listener goes with the exchange: left behind, it would hit the connection's next user. */
  #done(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#onDone?.();
  }

  readonly #onAbort = (): void => {
    this.cancel(canceled(this.#signal!, this.phase));
  };

  #closeBody(): void {
    this.#done();
    this.close();
  }
}

function isGzip(head: Head): boolean {
  return head.values("content-encoding")[0]?.toLowerCase() === "gzip"; // of several the first counts, as in Go
}

/**
 * The error of a request whose signal fired; its cause is the signal's reason. A reason that is a `TransportError`, as a
 * client's time limit is, speaks for itself; the phase is where it hit.
 */
export function canceled(signal: AbortSignal, phase: Phase): TransportError {
  const reason: unknown = signal.reason;
  if (reason instanceof TransportError) {
    return new TransportError(reason.message, { code: reason.code, side: reason.side, phase, cause: reason.cause });
  }
  const message = phase === "pool" ? "request canceled while waiting for connection" : "request canceled";
  return new TransportError(message, { code: "canceled", side: "local", phase, cause: reason });
}

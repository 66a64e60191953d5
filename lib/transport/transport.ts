// The transport's face: it puts pool, dial and HTTP/1.1 together, and is what programs and the load hold.

import type { HeldBody } from "./body/held_body.ts";
import { callerOf, LeakWatch } from "./body/leak_watch.ts";
import type { Census, Counts, Traffic } from "./census.ts";
import { createFetch, type Fetch } from "./fetch/fetch.ts";
import { Http1 } from "./http1/http1.ts";
import { type Settings, settle, type TransportOptions } from "./options/options.ts";
import { Pool } from "./pool/pool.ts";
import type { Exchange } from "./request/exchange.ts";
import {
  type GappedRequest,
  prepare,
  type PreparedRequest,
  prepareForm,
  type TransportRequest,
} from "./request/prepared_request.ts";
import { closeUnread, Upload } from "./request/request_body.ts";
import type { RequestForm } from "./request/request_form.ts";
import type { Response } from "./response/response.ts";
import { canceled, RoundTrip } from "./response/round_trip.ts";

/**
 * A pooled HTTP/1.1 transport that behaves as Go's `net/http.Transport` does.
 *
 * ```ts
 * const transport = new Transport({ maxConnsPerHost: 10 });
 * const response = await transport.roundTrip({ url: "http://127.0.0.1:8080/" });
 * console.log(response.status, await response.body.text());
 * await transport.close();
 * ```
 */
export class Transport {
  readonly #settings: Settings;
  readonly #traffic: Traffic = { bytesSent: 0, bytesReceived: 0 };
  readonly #http1: Http1;
  readonly #pool: Pool;
  readonly #leaks: LeakWatch | undefined;

  /** Throws a `TransportError` where the proxy or a number is none. */
  constructor(options: TransportOptions = {}) {
    this.#settings = settle(options);
    this.#http1 = new Http1(this.#settings, this.#traffic);
    this.#pool = new Pool(this.#settings, this.#http1.connect);
    const { onLeak, reclaimLeaks } = options;
    if (onLeak !== undefined) this.#leaks = new LeakWatch(onLeak, reclaimLeaks ?? false, this.#settings.clock);
  }

  /** Whether `onLeak` wants to know who made a request. */
  get capturesCallers(): boolean {
    return this.#leaks !== undefined;
  }

  /**
   * Sends a request; resolves when the response's head has arrived. Rejects with a `TransportError`. The body is the
   * caller's to read to its end or to close: left alone it holds its connection.
   *
   * `onDone` is for wrappers with a timer or a listener of their own: called once when nothing more can come, as the body
   * ended or was closed, or broke.
   */
  async roundTrip(request: TransportRequest, onDone?: () => void): Promise<Response> {
    const caller = this.#leaks === undefined ? undefined : request.caller ?? callerOf(this.roundTrip);
    const signal = request.signal;
    let prepared: PreparedRequest;
    try {
      if (signal?.aborted) throw canceled(signal, "pool");
      prepared = this.prepare(request);
    } catch (error) {
      closeUnread(request.body);
      throw error;
    }
    const leaks = this.#leaks;
    const clock = this.#settings.drainOnClose ? this.#settings.clock : undefined;
    return await new Promise<Response>((resolve, reject) => {
      const exchange = new RoundTrip({ resolve, reject, signal, clock, leaks, caller, onDone });
      exchange.trace = request.trace ?? undefined; // callers without a type checker say null
      this.send(prepared, exchange);
    });
  }

  /** The standard `fetch`, through this transport; needs no `this`. It never follows a redirect: it resolves with it. */
  readonly fetch: Fetch = createFetch(this, async (request) => ({
    response: await this.roundTrip(request),
    redirected: false,
  }));

  /** Checks a request once, for `send` to use any number of times. Throws a `TransportError` that names a bad field. */
  prepare(request: TransportRequest): PreparedRequest {
    return prepare(request, this.#settings);
  }

  /**
   * Checks a request with gaps once; `new PreparedRequest(form, values)` is a sending of it. Throws as `prepare` does.
   * @internal
   */
  prepareForm(request: GappedRequest): RequestForm {
    return prepareForm(request, this.#settings);
  }

  /** The callback face: sends a prepared request; the exchange hears the rest. Cancelling is `exchange.cancel`. */
  send(request: PreparedRequest, exchange: Exchange): void {
    exchange.request = request;
    exchange.upload = request.streamedBody === undefined ? undefined : new Upload(request.streamedBody);
    this.#pool.acquire(exchange, request);
  }

  /** What the pool and its connections are doing now. */
  census(): Census {
    const { dialing, inUse, idle, waiting } = this.#pool.counts;
    return {
      live: inUse + idle,
      dialing,
      inUse,
      idle,
      waiting,
      ...this.#http1.census(),
      totals: this.#pool.totals(),
    };
  }

  /**
   * The bodies that hold a connection now, as many as the census's `heldBodies`, and nothing is kept for it: it looks at
   * each connection. A body that is read piece by piece is held between two reads, and one that was garbage-collected
   * unread for as long as its connection is open. With `onLeak`, each has the stack of the call that made its request.
   */
  heldBodies(): readonly HeldBody[] {
    return this.#http1.heldBodies();
  }

  /** The census's counts alone, as they stand, without a copy. */
  get counts(): Readonly<Counts> {
    return this.#pool.counts;
  }

  /** Bytes on the wire so far. */
  get traffic(): Readonly<Traffic> {
    return this.#traffic;
  }

  /** Closes idle connections and dials that nobody waits for; what returns before the next request is closed, too. */
  closeIdleConnections(): void {
    this.#pool.closeIdleConnections();
  }

  /** Closes every connection now; requests in flight, and later ones, fail with `transportClosed`. */
  close(): Promise<void> {
    this.#pool.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

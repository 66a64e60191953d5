// Redirects, cookies and a time limit over a transport, after Go's `http.Client`. It sends nothing itself: each hop is a
// round trip of the transport.

import { systemClock, type Timer } from "../core/clock.ts";
import { callerOf } from "../transport/body/leak_watch.ts";
import type { ResponseBody } from "../transport/body/response_body.ts";
import { createFetch, type Fetch } from "../transport/fetch/fetch.ts";
import { checkOptions, type Kinds } from "../transport/options/option_check.ts";
import { DEFAULT_TRANSPORT_OPTIONS, type TransportOptions } from "../transport/options/options.ts";
import type { TransportRequest } from "../transport/request/prepared_request.ts";
import type { Response } from "../transport/response/response.ts";
import { Transport } from "../transport/transport.ts";
import { ClientError } from "./client_error.ts";
import { CookieJar } from "./cookie_jar.ts";
import { Deadline } from "./deadline.ts";
import { cookieUrl, type Hop, wireHeaders } from "./hop.ts";
import { withoutUserinfo } from "./redirect.ts";
import { RedirectChain } from "./redirect_chain.ts";

/** What a `Client` can be told. */
export interface ClientOptions {
  /** One to send by, which stays its owner's to close; or the options of one of the client's own. Default: Go's `DefaultTransport`. */
  readonly transport?: Transport | TransportOptions | undefined;
  /** One limit over redirects and body. Default 0: none. */
  readonly timeoutMs?: number | undefined;
  /** True: a jar of the client's own. Default false: cookies are what the caller sets. */
  readonly jar?: CookieJar | boolean | undefined;
  /**
   * How many requests one call makes before it gives up on redirects, which is how Go counts to its ten. Default 10. Not
   * asked where `checkRedirect` decides.
   */
  readonly maxRedirects?: number | undefined;
  /**
   * Called before each redirect, with the request to come, which it may change, and those made, oldest first. It throws
   * to stop, and returns "useLastResponse" for the redirect itself, its body unread (Go's `CheckRedirect`).
   */
  readonly checkRedirect?: CheckRedirect | undefined;
}

export type CheckRedirect = (
  request: Hop,
  via: readonly Hop[],
) => "useLastResponse" | void | Promise<"useLastResponse" | void>;

const KINDS: Kinds<ClientOptions> = {
  transport: ["object"],
  timeoutMs: ["number"],
  jar: ["object", "boolean"],
  maxRedirects: ["number"],
  checkRedirect: ["function"],
};

/**
 * Go's `http.Client`: redirects, cookies and a time limit on top of a transport.
 *
 * ```ts
 * const client = new Client({ timeoutMs: 5_000, jar: true });
 * const response = await client.get("http://127.0.0.1:8080/");
 * console.log(response.status, await response.body.text());
 * await client.close();
 * ```
 */
export class Client {
  readonly transport: Transport;
  readonly jar: CookieJar | undefined;
  /**
   * The standard `fetch`, through this client; needs no `this`. It follows redirects as `do` does, unless `redirect`
   * says otherwise; "manual" gives the redirect itself.
   */
  readonly fetch: Fetch;
  readonly #ownsTransport: boolean;
  readonly #timeoutMs: number;
  readonly #maxRedirects: number;
  readonly #checkRedirect: CheckRedirect | undefined;

  /** Throws a `TransportError` as `Transport` does. */
  constructor(options: ClientOptions = {}) {
    checkOptions(options, KINDS);
    const { transport } = options;
    this.#ownsTransport = !(transport instanceof Transport);
    this.transport = transport instanceof Transport ? transport : new Transport(transport ?? DEFAULT_TRANSPORT_OPTIONS);
    this.jar = options.jar === true ? new CookieJar() : options.jar || undefined;
    this.#timeoutMs = options.timeoutMs ?? 0;
    this.#maxRedirects = options.maxRedirects ?? 10;
    this.#checkRedirect = options.checkRedirect;
    this.fetch = createFetch(this.transport, (request, redirect) => this.#run(request, redirect === "follow"));
  }

  /**
   * Sends a request and follows redirects; resolves when the head of the answer has arrived. Its body is the caller's to
   * read to its end or to close. Rejects with a `TransportError`, whose code is "timeout" where the time is up, or with
   * a `ClientError` where a redirect is not followed.
   */
  async do(request: TransportRequest): Promise<Response> {
    const caller = request.caller ?? this.#callerOf(this.do);
    return (await this.#run({ ...request, caller }, true)).response;
  }

  /** `do` with a GET. */
  async get(url: string | URL): Promise<Response> {
    return (await this.#run({ url, caller: this.#callerOf(this.get) }, true)).response;
  }

  /** Closes the transport that the client made; one that it was given stays open. */
  async close(): Promise<void> {
    if (this.#ownsTransport) await this.transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #callerOf(entry: (...words: never[]) => unknown): Error | undefined {
    return this.transport.capturesCallers ? callerOf(entry) : undefined;
  }

  async #run(request: TransportRequest, follow: boolean): Promise<{ response: Response; redirected: boolean }> {
    // the transport says what is wrong with a URL
    if (!URL.canParse(String(request.url))) {
      return { response: await this.transport.roundTrip(request), redirected: false };
    }
    const deadline = this.#timeoutMs > 0 ? new Deadline(this.#timeoutMs, request.signal) : undefined;
    try {
      const chain = new RedirectChain(request, this.jar !== undefined);
      for (;;) {
        const response = await this.#send(chain.current, request, deadline);
        const next = follow ? await this.#nextHop(chain, response) : undefined;
        if (next === undefined) {
          deadline?.headArrived();
          return { response, redirected: chain.made.length > 1 };
        }
        await discard(response);
        chain.advance(next);
      }
    } catch (error) {
      deadline?.stop();
      throw error;
    }
  }

  async #send(
    hop: Hop,
    { close, signal, trace, caller }: TransportRequest,
    deadline: Deadline | undefined,
  ): Promise<Response> {
    const response = await this.transport.roundTrip({
      method: hop.method,
      url: hop.url,
      headers: wireHeaders(hop, this.jar),
      body: hop.body,
      getBody: hop.getBody,
      contentLength: hop.contentLength,
      close: hop.response === undefined ? close : undefined, // as in Go, a redirect does not carry it on
      signal: deadline?.signal ?? signal,
      trace,
      caller,
    }, deadline?.startHop());
    this.jar?.store(cookieUrl(hop), response.headerValues("Set-Cookie"));
    return response;
  }

  /** The hop to make after this response; undefined: it is the answer. Throws with the response's body closed. */
  async #nextHop(chain: RedirectChain, response: Response): Promise<Hop | undefined> {
    let next: Hop | undefined;
    try {
      next = await chain.next(response);
      if (next === undefined) return undefined;
    } catch (error) {
      response.body.close();
      throw error;
    }
    try {
      return await this.#approve(next, chain.made, response) ? next : undefined;
    } catch (error) {
      await discard(response);
      throw error;
    }
  }

  /** Whether the redirect is to be followed; false: it is the answer. */
  async #approve(next: Hop, made: readonly Hop[], response: Response): Promise<boolean> {
    const about = { response, location: withoutUserinfo(next.url).href };
    if (this.#checkRedirect === undefined) {
      if (made.length < this.#maxRedirects) return true; // Go counts requests: the first is one
      throw new ClientError(`stopped after ${this.#maxRedirects} redirects`, { code: "tooManyRedirects", ...about });
    }
    try {
      return await this.#checkRedirect(next, made) !== "useLastResponse";
    } catch (cause) {
      throw new ClientError("redirect refused", { code: "redirectRefused", ...about, cause });
    }
  }
}

/** What is read of a redirect's body, so that a short one leaves its connection reusable (Go's `maxBodySlurpSize`). */
const DISCARDED_BODY_BYTES = 2048;

/** How long that is waited for, which in Go is for ever: as long as a drain may take. */
const DISCARD_MS = 50;

async function discard({ body, contentLength }: Response): Promise<void> {
  if (contentLength <= DISCARDED_BODY_BYTES) {
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => timer = systemClock.setTimer(DISCARD_MS, resolve));
    await Promise.race([readBeginning(body), late]);
    timer?.clear();
  }
  body.close();
}

async function readBeginning(body: ResponseBody): Promise<void> {
  try {
    let left = DISCARDED_BODY_BYTES;
    while (left > 0) {
      const chunk = await body.read();
      if (chunk === null) break;
      left -= chunk.length;
    }
  } catch {
    // what broke is of no use to anybody; the next request says so where it matters
  }
}

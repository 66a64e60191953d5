// What a transport can be told, what each option is where it is left out, and the check of what a caller gave. Names and
// defaults are those of Go's `http.Transport` and `net.Dialer`, durations in milliseconds.

import { type Clock, systemClock } from "../../core/clock.ts";
import { DEFAULT_MAX_HEAD_BYTES, DEFAULT_MAX_HEAD_FIELDS, type ParserLimits } from "../../http1/response_parser.ts";
import { detectAdapter } from "../../socket/detect.ts";
import { environment } from "../../socket/environment.ts";
import { type Resolver, systemResolver } from "../../socket/resolver.ts";
import type { SocketAdapter } from "../../socket/socket.ts";
import type { TlsCredentials } from "../../socket/tls.ts";
import type { LeakReport } from "../body/leak_watch.ts";
import { type ProxyFunction, proxyFunction, type ProxyOption } from "../proxy/proxy.ts";
import { TransportError } from "../transport_error.ts";
import { checkOptions, type Kinds } from "./option_check.ts";

/** How the transport speaks TLS: Go's `TLSClientConfig`, as far as HTTP/1 needs it. */
export interface TlsOptions extends TlsCredentials {
  /** The name to ask for and to verify, instead of the URL's host. */
  readonly servername?: string | undefined;
  /** Take any certificate. */
  readonly insecure?: boolean | undefined;
}

/** Options of a `Transport`. Without them there are no limits and no timeouts, except Go's two idle connections per host and its 30 s to dial. */
export interface TransportOptions {
  /** Most idle connections kept in all; the one idle longest is closed to keep to it. Default 0: no limit. */
  readonly maxIdleConns?: number | undefined;
  /** Most idle connections kept per host; below 0: none. Default 2, as Go's `DefaultMaxIdleConnsPerHost`. */
  readonly maxIdleConnsPerHost?: number | undefined;
  /** Most connections per host: dialing, in use and idle together. Requests beyond it wait, first come, first served. Default 0: no limit. */
  readonly maxConnsPerHost?: number | undefined;
  /**
   * Requests under way on a connection at once. Default 1, as in Go, which never pipelines. With more, a request without
   * a streamed body may be written behind others whose responses are still to come (RFC 9112 §9.3.2); it counts as
   * written once the socket has it. Where the connection is lost, those unanswered are sent again if that is safe.
   */
  readonly pipelining?: number | undefined;
  /** Close a connection that was idle for this long. Default 0: never. */
  readonly idleConnTimeoutMs?: number | undefined;
  /** Most time for name look-up and TCP connect together. Default 30 000; 0: no limit. */
  readonly dialTimeoutMs?: number | undefined;
  /** Most time for each TLS handshake: with an https proxy, and with the target. Default 0: no limit. */
  readonly tlsHandshakeTimeoutMs?: number | undefined;
  /** Most time that a body behind `Expect: 100-continue` waits for the 100. Default 0: it is sent at once. */
  readonly expectContinueTimeoutMs?: number | undefined;
  /** Most time from the end of the request's write to the end of the response's head. Default 0: no limit. */
  readonly responseHeaderTimeoutMs?: number | undefined;
  /** Largest response head, 1xx heads before it included. Default 10 MiB. */
  readonly maxResponseHeaderBytes?: number | undefined;
  /** Most fields in a response's head. Default 5 000, as in curl; Go has no such limit. `headers` gets slow with more. */
  readonly maxResponseHeaderFields?: number | undefined;
  /** Use each connection for one request, sent with `Connection: close`. Default false. */
  readonly disableKeepAlives?: boolean | undefined;
  /** Do not ask for gzip. A request that asks for it itself gets its response as it comes. Default false. */
  readonly disableCompression?: boolean | undefined;
  /**
   * Drain a body that was closed early, in the background, if little of it is left, and keep its connection (Go 1.27).
   * False: an early close always costs the connection. Default true.
   */
  readonly drainOnClose?: boolean | undefined;
  /** Whom to trust, what to present, which name to verify. Default: the runtime's roots, the URL's host. */
  readonly tls?: TlsOptions | undefined;
  /** A proxy's URL (http, https, socks5, socks5h), a function that gives one per URL, or "environment". Default: no proxy. */
  readonly proxy?: ProxyOption | undefined;
  /** Connect to this unix socket, whatever the URL's host. Default: none. */
  readonly unixSocket?: string | undefined;
  /** Called when a body was garbage-collected that nobody read to its end or closed: its connection is held for ever. Default: nobody looks. */
  readonly onLeak?: ((report: LeakReport) => void) | undefined;
  /** Close that connection, after `onLeak` was called. Default false. */
  readonly reclaimLeaks?: boolean | undefined;
  /** What opens sockets. Default: the runtime's fastest, as `detectAdapter("auto")` gives it. */
  readonly adapter?: SocketAdapter | undefined;
  /** What looks names up. Default: the system's. */
  readonly resolver?: Resolver | undefined;
  /** Time and timers; a test may own them. Default: the process's. */
  readonly clock?: Clock | undefined;
}

/** The options with nothing left open; `Infinity` says no limit, 0 ms says no timeout. */
export interface Settings {
  readonly maxIdleConns: number;
  readonly maxIdleConnsPerHost: number;
  readonly maxConnsPerHost: number;
  readonly pipelining: number;
  readonly idleConnTimeoutMs: number;
  readonly dialTimeoutMs: number;
  readonly tlsHandshakeTimeoutMs: number;
  readonly expectContinueTimeoutMs: number;
  readonly responseHeaderTimeoutMs: number;
  readonly maxResponseHeaderBytes: number;
  readonly maxResponseHeaderFields: number;
  readonly disableKeepAlives: boolean;
  readonly disableCompression: boolean;
  readonly drainOnClose: boolean;
  readonly tls: TlsOptions;
  readonly proxy: ProxyFunction | undefined;
  readonly unixSocket: string | undefined;
  readonly adapter: SocketAdapter;
  readonly resolver: Resolver;
  readonly clock: Clock;
}

/** Go's `DefaultTransport`, where it differs from a bare one. */
export const DEFAULT_TRANSPORT_OPTIONS: TransportOptions = {
  maxIdleConns: 100,
  idleConnTimeoutMs: 90_000,
  tlsHandshakeTimeoutMs: 10_000,
  expectContinueTimeoutMs: 1_000,
  proxy: "environment",
};

const KINDS: Kinds<TransportOptions> = {
  maxIdleConns: ["number"],
  maxIdleConnsPerHost: ["number"],
  maxConnsPerHost: ["number"],
  pipelining: ["number"],
  idleConnTimeoutMs: ["number"],
  dialTimeoutMs: ["number"],
  tlsHandshakeTimeoutMs: ["number"],
  expectContinueTimeoutMs: ["number"],
  responseHeaderTimeoutMs: ["number"],
  maxResponseHeaderBytes: ["number"],
  maxResponseHeaderFields: ["number"],
  disableKeepAlives: ["boolean"],
  disableCompression: ["boolean"],
  drainOnClose: ["boolean"],
  tls: ["object"],
  proxy: ["string", "object", "function"],
  unixSocket: ["string"],
  onLeak: ["function"],
  reclaimLeaks: ["boolean"],
  adapter: ["object"],
  resolver: ["object"],
  clock: ["object"],
};

const TLS_KINDS: Kinds<TlsOptions> = {
  ca: ["string", "bytes", "array"],
  cert: ["string", "bytes"],
  key: ["string", "bytes"],
  passphrase: ["string"],
  servername: ["string"],
  insecure: ["boolean"],
};

/** What the settings let a response's head be. */
export function headLimits(settings: Settings): ParserLimits {
  return { maxHeadBytes: settings.maxResponseHeaderBytes, maxHeadFields: settings.maxResponseHeaderFields };
}

/** Fills in the defaults. In Go a limit of 0 means none; so it does here. Throws a `TransportError` that names a bad one. */
export function settle(options: TransportOptions): Settings {
  checkOptions(options, KINDS);
  if (options.tls !== undefined) checkTls(options.tls);
  return {
    maxIdleConns: limit(options.maxIdleConns),
    maxIdleConnsPerHost: options.maxIdleConnsPerHost || 2,
    maxConnsPerHost: limit(options.maxConnsPerHost),
    pipelining: options.pipelining || 1,
    idleConnTimeoutMs: options.idleConnTimeoutMs ?? 0,
    dialTimeoutMs: options.dialTimeoutMs ?? 30_000,
    tlsHandshakeTimeoutMs: options.tlsHandshakeTimeoutMs ?? 0,
    expectContinueTimeoutMs: options.expectContinueTimeoutMs ?? 0,
    responseHeaderTimeoutMs: options.responseHeaderTimeoutMs ?? 0,
    maxResponseHeaderBytes: options.maxResponseHeaderBytes || DEFAULT_MAX_HEAD_BYTES,
    maxResponseHeaderFields: options.maxResponseHeaderFields || DEFAULT_MAX_HEAD_FIELDS,
    disableKeepAlives: options.disableKeepAlives ?? false,
    disableCompression: options.disableCompression ?? false,
    drainOnClose: options.drainOnClose ?? true,
    tls: options.tls ?? {},
    proxy: proxyFunction(options.proxy, environment),
    unixSocket: options.unixSocket,
    adapter: options.adapter ?? detectAdapter("auto"),
    resolver: options.resolver ?? systemResolver,
    clock: options.clock ?? systemClock,
  };
}

function checkTls(tls: TlsOptions): void {
  checkOptions(tls, TLS_KINDS, "tls.");
  const missing = tls.cert === undefined ? "cert" : "key";
  if ((tls.cert === undefined) === (tls.key === undefined)) return;
  const message = `invalid option tls: a client certificate needs cert and key, and ${missing} is missing`;
  throw new TransportError(message, { code: "badOption", side: "local", phase: "pool" });
}

function limit(value: number | undefined): number {
  return value === undefined || value <= 0 ? Infinity : value;
}

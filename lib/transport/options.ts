import { type Clock, systemClock } from "../core/clock.ts";
import { detectAdapter } from "../socket/detect.ts";
import type { SocketAdapter } from "../socket/socket.ts";

/** What a `Transport` can be told; every limit is off where it is not given, but for Go's two idle connections a host. */
export interface TransportOptions {
  /** Idle connections kept in all. */
  readonly maxIdleConns?: number | undefined;
  /** Idle connections kept per host; below 0: none is ever kept. Default 2, as Go's `DefaultMaxIdleConnsPerHost`. */
  readonly maxIdleConnsPerHost?: number | undefined;
  /** Connections per host: dialing, in use and idle together. Requests beyond it wait, first come first served. */
  readonly maxConnsPerHost?: number | undefined;
  /** How long a connection may stay idle. */
  readonly idleConnTimeoutMs?: number | undefined;
  /** Default 30 000. */
  readonly dialTimeoutMs?: number | undefined;
  /** From the end of the request's write to the end of the response's head. */
  readonly responseHeaderTimeoutMs?: number | undefined;
  /** Default 10 MiB. */
  readonly maxResponseHeaderBytes?: number | undefined;
  /** One request per connection, each with `Connection: close`. */
  readonly disableKeepAlives?: boolean | undefined;
  /** Default true: a body closed early is drained in the background where little is left (Go 1.27); false: an early close always costs the connection. */
  readonly drainOnClose?: boolean | undefined;
  /** Path of a unix socket that every connection goes to, whatever the URL's host. */
  readonly unixSocket?: string | undefined;
  /** Default: the runtime's fastest. */
  readonly adapter?: SocketAdapter | undefined;
  readonly clock?: Clock | undefined;
}

/** The options with nothing left open; `Infinity` says no limit, 0 ms says no timeout. */
export interface Settings {
  readonly maxIdleConns: number;
  readonly maxIdleConnsPerHost: number;
  readonly maxConnsPerHost: number;
  readonly idleConnTimeoutMs: number;
  readonly dialTimeoutMs: number;
  readonly responseHeaderTimeoutMs: number;
  readonly maxResponseHeaderBytes: number;
  readonly disableKeepAlives: boolean;
  readonly drainOnClose: boolean;
  readonly unixSocket: string | undefined;
  readonly adapter: SocketAdapter;
  readonly clock: Clock;
}

/** Go's `DefaultTransport`, where it differs from a bare one. */
export const DEFAULT_TRANSPORT_OPTIONS: TransportOptions = { maxIdleConns: 100, idleConnTimeoutMs: 90_000 };

/** Fills in the defaults. In Go a limit of 0 means none; so it does here. */
export function settle(options: TransportOptions): Settings {
  return {
    maxIdleConns: limit(options.maxIdleConns),
    maxIdleConnsPerHost: options.maxIdleConnsPerHost || 2,
    maxConnsPerHost: limit(options.maxConnsPerHost),
    idleConnTimeoutMs: options.idleConnTimeoutMs ?? 0,
    dialTimeoutMs: options.dialTimeoutMs ?? 30_000,
    responseHeaderTimeoutMs: options.responseHeaderTimeoutMs ?? 0,
    maxResponseHeaderBytes: options.maxResponseHeaderBytes || 10 * 1024 * 1024,
    disableKeepAlives: options.disableKeepAlives ?? false,
    drainOnClose: options.drainOnClose ?? true,
    unixSocket: options.unixSocket,
    adapter: options.adapter ?? detectAdapter("auto"),
    clock: options.clock ?? systemClock,
  };
}

function limit(value: number | undefined): number {
  return value === undefined || value <= 0 ? Infinity : value;
}

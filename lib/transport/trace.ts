import type { Address } from "../socket/socket.ts";
import type { TransportError } from "./transport_error.ts";

/** What `gotConn` tells of the connection: Go's `httptrace.GotConnInfo`. */
export interface GotConnInfo {
  /** The connection carried a request before. */
  readonly reused: boolean;
  /** It was idle in the pool; false with `reused` true: handed over late, from one request to the next. */
  readonly wasIdle: boolean;
  /** How long it was idle; 0 unless `wasIdle`. */
  readonly idleTimeMs: number;
}

/** What `connectDone` tells of a dial. */
export interface ConnectInfo {
  readonly address: Address;
  readonly elapsedMs: number;
  /** Undefined: the connection is open. */
  readonly error: TransportError | undefined;
}

/**
 * Hooks into the life of a request, after Go's `httptrace.ClientTrace`. All are optional and run inside the transport:
 * they must be quick and must not throw. A retry repeats them from `getConn`.
 */
export interface Trace {
  /** A connection is wanted; `hostPort` is its target. */
  getConn?(hostPort: string): void;
  /** A dial that this request started begins; it may end up serving another request. */
  connectStart?(address: Address): void;
  connectDone?(info: ConnectInfo): void;
  gotConn?(info: GotConnInfo): void;
  wroteHeaders?(): void;
  wroteRequest?(): void;
  gotFirstResponseByte?(): void;
  /** The connection went back to the pool, or did not: `refused` says why. */
  putIdleConn?(refused: string | undefined): void;
}

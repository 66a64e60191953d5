// Optional hooks into the life of a request, after Go's `net/http/httptrace`.

import type { Address } from "../socket/socket.ts";
import type { TlsState } from "../socket/tls.ts";
import type { CloseReason } from "./close_reason.ts";
import type { TransportError } from "./transport_error.ts";

/** What `gotConn` tells of the connection: Go's `httptrace.GotConnInfo`. */
export interface GotConnInfo {
  /** The connection carried a request before. */
  readonly reused: boolean;
  /** It was idle in the pool; false with `reused` true: handed over late, from one request to the next. */
  readonly wasIdle: boolean;
  /** How long it was idle; 0 unless `wasIdle`, and where neither the request before had a trace nor an idle timeout is set. */
  readonly idleTimeMs: number;
}

/** What `dnsDone` tells of a look-up. */
export interface DnsInfo {
  readonly addresses: readonly string[];
  readonly elapsedMs: number;
  readonly error: TransportError | undefined;
}

/** What `connectDone` tells of one attempt to connect; a name may have several addresses. */
export interface ConnectInfo {
  readonly address: Address;
  readonly elapsedMs: number;
  /** Undefined: the connection is open. */
  readonly error: TransportError | undefined;
}

/** What `tlsHandshakeDone` tells. */
export interface TlsHandshakeInfo {
  /** Undefined where the handshake failed. */
  readonly state: TlsState | undefined;
  readonly elapsedMs: number;
  readonly error: TransportError | undefined;
}

/**
 * Hooks into the life of a request, after Go's `httptrace.ClientTrace`. All are optional and run inside the transport:
 * they must be quick and must not throw. A retry repeats them from `getConn`. Those of a dial are told to the request
 * that started it, which may be served by another connection meanwhile.
 */
export interface Trace {
  /** A connection is wanted; `hostPort` is what would be dialed: the target or its proxy. */
  getConn?(hostPort: string): void;
  /** A look-up of a name begins; there is none for an IP address or a unix socket. */
  dnsStart?(host: string): void;
  /** It ended, with addresses or an error. */
  dnsDone?(info: DnsInfo): void;
  /** An attempt to connect to one address begins; a second address is tried while the first is silent. */
  connectStart?(address: Address): void;
  /** It ended; told before the request that may use the connection is. */
  connectDone?(info: ConnectInfo): void;
  /** A handshake begins: with an https proxy, with the target, or with both in turn. */
  tlsHandshakeStart?(): void;
  /** It ended, with the connection's state or an error. */
  tlsHandshakeDone?(info: TlsHandshakeInfo): void;
  /** The request has a connection, dialed or from the pool. */
  gotConn?(info: GotConnInfo): void;
  /** Each field of the request's head, in the order of the wire. */
  wroteHeaderField?(name: string, value: string): void;
  /** The whole head is with the socket. */
  wroteHeaders?(): void;
  /** The body is held back until the server says 100 (Continue). */
  wait100Continue?(): void;
  /** The request is with the kernel; an error: its body failed or did not keep its word. */
  wroteRequest?(error: TransportError | undefined): void;
  /** The first byte of the response, or of a 1xx before it, arrived. */
  gotFirstResponseByte?(): void;
  /** The 100 that the body waited for arrived; told before `got1xxResponse`. */
  got100Continue?(): void;
  /** Any 1xx but 101, also 100. With this hook each 1xx has the whole header limit to itself. */
  got1xxResponse?(status: number, headers: Headers): void;
  /** The connection went back to the pool, or did not: `refused` says why. Silent where keep-alives are off. */
  putIdleConn?(refused: CloseReason | undefined): void;
}

// The seam between the pool and a protocol: what the pool needs of an open connection, and what a connection tells
// whoever pools it. Go's counterpart is the `alt` of a `persistConn`. HTTP/1.1's connection carries one exchange at a
// time, or a few in a row where it pipelines; one that multiplexes carries many side by side. The pool sees no
// difference: a connection is idle with no exchange, and in use with at least one; in use it has room for more, or has not.
//
// A server that will take no more requests, but answers those under way (HTTP/2's GOAWAY), is a connection that has no
// room from then on, and that says `closed` instead of `release` when its last exchange ends. An exchange that the
// server did not touch is lost as "nothingWritten": it may go out again, whatever its method.

import type { Socket } from "../../socket/socket.ts";
import type { TlsState } from "../../socket/tls.ts";
import type { CloseReason } from "../close_reason.ts";
import type { Exchange } from "../request/exchange.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import type { GotConnInfo } from "../trace.ts";
import type { TransportError } from "../transport_error.ts";

/** How an exchange lost its connection, as far as sending it again depends on that. */
export type Loss = "nothingWritten" | "firstByteRead" | "other";

/** An open connection, which speaks one protocol. No call throws, and none comes after it said `closed`. */
export interface Connection {
  /** Whether it takes more exchanges beside those under way. False while it is idle. */
  readonly hasRoom: boolean;
  /** Whether this request may go out beside those under way, if there is room. A host's connections all say the same. */
  admits(request: PreparedRequest): boolean;
  /**
   * Carries the exchange from here on, and sends its request: on a connection that is new or idle, or that has room for
   * it. `got` is what the exchange's trace is told; its `reused` counts should the exchange be lost.
   */
  start(exchange: Exchange, request: PreparedRequest, got: GotConnInfo): void;
  /** It is idle, and lets the process end. */
  sleep(): void;
  /** Undoes `sleep`. */
  wake(): void;
  /** Closes at once, with no exchange on it; `reason` is what the census shows. */
  discard(reason: CloseReason): void;
  /** Closes at once; every exchange on it is lost with this error. */
  fail(error: TransportError, reason: CloseReason): void;
}

/** What a connection tells its pool; each has an owner of its own. Calls may come from within `start`. */
export interface ConnectionOwner {
  /**
   * The last exchange is off the connection, which is fit for another: the pool may give it one at once. A word: the
   * pool does not keep it, and it has to close for this reason. `timed`: somebody may want to know how long it was idle.
   * `telling`: the exchange is told its end now, and may send the next request at once; `told` follows in any case.
   */
  release(timed: boolean, telling: boolean): CloseReason | undefined;
  /** What a release led to at once is over. */
  told(): void;
  /** In use, it may have room that it had not. */
  roomMade(): void;
  /** It closed by itself or was told to, or somebody else has its socket; `reason` is what the census shows. */
  closed(reason: CloseReason): void;
  /** The exchange is off the connection, which failed it: the pool sends it again, or tells it the error. */
  exchangeFailed(exchange: Exchange, error: TransportError, loss: Loss, reused: boolean): void;
}

/** Makes a connection of an open socket, whose callbacks it gets from now on; `tls` is undefined where the socket is plain. */
export type Connect = (owner: ConnectionOwner, socket: Socket, tls: TlsState | undefined) => Connection;

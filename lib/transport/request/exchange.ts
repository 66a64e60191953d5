// The callback face of a request, which the load uses directly and the promise face extends.

import type { TlsState } from "../../socket/tls.ts";
import type { Tunnel } from "../body/tunnel.ts";
import type { Head, Trailers } from "../head.ts";
import type { Trace } from "../trace.ts";
import type { Phase, TransportError } from "../transport_error.ts";
import type { PreparedRequest } from "./prepared_request.ts";
import type { Upload } from "./request_body.ts";

/** A piece of a body, lent for the length of the callback; `data()` is only as costly as it is called. */
export interface BodyChunk {
  readonly dataLength: number;
  data(): Uint8Array;
}

/** What carries an exchange at the moment: its place in the pool's queue, then its connection. */
export interface Carrier {
  /** How far the exchange has come. */
  readonly phase: Phase;
  wantBody(): void;
  holdBody(): void;
  closeBody(): void;
  cancel(error: TransportError, exchange: Exchange): void;
}

/**
 * The callback face of one request: `transport.send(request, exchange)`. Extend it, override what you need, and use
 * one object for many requests, one after the other: nothing is allocated per request.
 *
 * The order is onSent, onFirstByte, onHead, onData*, onTrailers?, then exactly one of onEnd, onError and onUpgrade, with
 * an onArrival for each further read in between; a retry begins again at onSent. A body is held back until `read()`. It
 * comes as it is on the wire: where the request asked for gzip, it may be that.
 */
export abstract class Exchange {
  /**
   * Owned by the transport: undefined before `send` and from the last callback on.
   * @internal
   */
  carrier: Carrier | undefined = undefined;
  /** What was handed to `send`. Owned by the transport. */
  request: PreparedRequest | undefined = undefined;
  /**
   * Owned by the transport: the pieces of a streamed request body.
   * @internal
   */
  upload: Upload | undefined = undefined;
  /** Owned by the transport: of the handshake of the connection that the request went out on. */
  tls: TlsState | undefined = undefined;
  /** Owned by the caller. */
  trace: Trace | undefined = undefined;

  /** The request's first byte is about to be handed to the socket; `together`: in one write with the one told of before. */
  onSent(_together: boolean): void {}

  /** The first byte of a response arrived; `together`: in one read with the end of the response told of before. */
  onFirstByte(_together: boolean): void {}

  /** A later read brought more of the response, or its FIN; told before anything of it. */
  onArrival(): void {}

  /** The head arrived. It is lent for the call: `head.snapshot()` keeps it. */
  abstract onHead(head: Head): void;

  /** Body bytes arrived, after `read()` (and on a failure, what had arrived before it). */
  onData(_chunk: BodyChunk): void {}

  /** Fields came after a chunked body that was read to its end. */
  onTrailers(_trailers: Trailers): void {}

  /** The server switched protocols: the connection is the caller's, who has to close it. Ends the exchange. */
  onUpgrade(tunnel: Tunnel): void {
    tunnel.close();
    this.onEnd();
  }

  /** The body ended; the connection is back in the pool, or closed. */
  abstract onEnd(): void;

  abstract onError(error: TransportError): void;

  /**
   * An error made where the request was, if somebody wants to know.
   * @internal
   */
  get caller(): Error | undefined {
    return undefined;
  }

  /** How far the exchange has come: "pool" while it waits for a connection. */
  get phase(): Phase {
    return this.carrier?.phase ?? "pool";
  }

  /** Lets the body flow. */
  read(): void {
    this.carrier?.wantBody();
  }

  /** Stops the flow after the current chunk; the server feels it. */
  pause(): void {
    this.carrier?.holdBody();
  }

  /** Gives the body up: no callback follows. The connection is drained and kept, or closed. */
  close(): void {
    this.carrier?.closeBody();
  }

  /** Ends the exchange with this error, which `onError` gets before this returns; nothing where it has already ended. */
  cancel(error: TransportError): void {
    this.carrier?.cancel(error, this);
  }
}

/** The last word to an exchange that nothing carries any more; its request's body is closed, too. */
export function fail(exchange: Exchange, error: TransportError): void {
  exchange.upload?.stop();
  exchange.onError(error);
}

// What becomes of a connection after a 101: a duplex stream that the transport has let go of (Go's `readWriteCloserBody`).

import { copyBytes } from "../../core/bytes.ts";
import type { Socket, SocketHandler } from "../../socket/socket.ts";
import type { SocketError } from "../../socket/socket_error.ts";
import { TransportError } from "../transport_error.ts";
import { BodyQueue, type BodyReader } from "./body_queue.ts";

/**
 * A connection after a 101 (Switching Protocols): bytes both ways, in whatever protocol was agreed on (RFC 9110 §7.8).
 * It is the caller's: the transport has let go of it, and no signal, limit or `transport.close()` touches it.
 */
export class Tunnel implements SocketHandler, BodyReader {
  readonly #socket: Socket;
  readonly #received: BodyQueue;
  readonly #draining: (() => void)[] = [];
  #error: TransportError | undefined = undefined;
  #closed = false;
  /** We said FIN. */
  #ended = false;

  /**
   * Takes over a socket; `received` came behind the head, and is read first.
   * @internal
   */
  constructor(socket: Socket, received: Uint8Array) {
    this.#socket = socket;
    this.#received = new BodyQueue({ read: () => socket.resume(), close: () => {} });
    if (received.length > 0) this.#received.push(received);
    socket.pause();
    socket.handover(this);
  }

  /** The next bytes, the caller's own; null: the peer said FIN. Rejects with a `TransportError` where the connection broke. */
  read(): Promise<Uint8Array | null> {
    return this.#received.read();
  }

  /** Sends bytes, which the caller leaves unchanged until this resolves: the socket has taken them. */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#closed || this.#ended) return Promise.reject(this.#error ?? closedError());
    if (this.#socket.write(bytes)) return Promise.resolve();
    return new Promise((resolve, reject) =>
      this.#draining.push(() => this.#closed ? reject(this.#error ?? closedError()) : resolve())
    );
  }

  /** Half-close: FIN after what was written. Reading goes on. */
  end(): void {
    this.#ended = true;
    if (this.#draining.length === 0) this.#socket.end(); // after a FIN no drain would be told
  }

  /** Closes the connection, both ways and at once. */
  close(): void {
    this.#received.close();
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.#wake();
  }

  // --- from the socket

  onOpen(): void {}

  onData(view: Uint8Array): void {
    this.#socket.pause();
    this.#received.push(copyBytes(view, 0, view.length));
  }

  onDrain(): void {
    this.#wake();
    if (this.#ended) this.#socket.end();
  }

  onEnd(): void {
    this.#received.end();
  }

  onClose(cause: SocketError | undefined): void {
    this.#closed = true;
    if (cause === undefined) {
      this.#received.end();
    } else {
      const { code, message } = cause;
      this.#error = new TransportError(message, { code, side: "remote", phase: "body", cause });
      this.#received.fail(this.#error);
    }
    this.#wake();
  }

  #wake(): void {
    for (const tell of this.#draining.splice(0)) tell();
  }
}

function closedError(): TransportError {
  return new TransportError("write on a closed connection", { code: "closed", side: "local", phase: "body" });
}

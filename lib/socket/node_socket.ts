// A plain socket on `node:net`.

import type { TLSSocket } from "node:tls";
import { deadStream, type Stream, type StreamOwner, writeTo } from "./node_stream.ts";
import type { Address, Socket, SocketHandler } from "./socket.ts";
import { SocketError } from "./socket_error.ts";
import type { TlsSettings } from "./tls.ts";

/** A connection in the plain, and what it has in common with one that has TLS. */
export class NodeSocket implements Socket, StreamOwner {
  stream: Stream;
  /** Whom to tell; undefined once nobody is to be told anything any more. */
  protected handler: SocketHandler | undefined;
  protected error: SocketError | undefined;

  constructor(address: Address, handler: SocketHandler, toStream: (owner: StreamOwner, address: Address) => Stream) {
    this.handler = handler;
    try {
      this.stream = toStream(this, address);
    } catch (cause) {
      this.stream = deadStream(this);
      this.giveUp(cause);
    }
  }

  opened(): void {
    this.handler?.onOpen();
  }

  secured(_stream: TLSSocket): void {}

  received(view: Uint8Array): void {
    this.handler?.onData(view);
  }

  drained(): void {
    this.handler?.onDrain();
  }

  ended(): void {
    this.handler?.onEnd();
  }

  failed(cause: unknown): void {
    this.error ??= errorOf(cause);
  }

  closed(): void {
    const handler = this.handler;
    this.handler = undefined;
    handler?.onClose(this.error);
  }

  write(bytes: Uint8Array): boolean {
    return this.handler === undefined || writeTo(this.stream, bytes);
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  end(): void {
    this.stream.end();
  }

  startTls(_settings: TlsSettings): void {
    throw new Error("startTls on a socket that was not dialed as upgradable");
  }

  handover(handler: SocketHandler): void {
    if (this.handler !== undefined) this.handler = handler;
  }

  ref(): void {
    this.stream.ref();
  }

  unref(): void {
    this.stream.unref();
  }

  destroy(): void {
    this.handler = undefined; // first: Bun emits an 'end' from within destroy()
    this.stream.destroy();
  }

  protected giveUp(cause: unknown): void {
    this.failed(cause);
    queueMicrotask(() => this.closed());
  }
}

/** Deno calls it EINVAL where a connect finds no free local port; everywhere else that is EADDRNOTAVAIL. */
function errorOf(cause: unknown): SocketError {
  const error = SocketError.from(cause);
  const outOfPorts = error.code === "EINVAL" && "Deno" in globalThis && (cause as { port?: number }).port !== undefined;
  return outOfPorts ? new SocketError("EADDRNOTAVAIL", error.message, cause) : error;
}

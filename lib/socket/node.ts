// The base adapter: `node:net`, which Node, Deno and Bun all have.

import { type OnReadOpts, Socket as NetSocket, type SocketConstructorOpts } from "node:net";
import type { Address, Socket, SocketAdapter, SocketHandler } from "./socket.ts";
import { SocketError } from "./socket_error.ts";

/** Idle time before the first probe of a silent peer. */
const KEEP_ALIVE_MS = 30_000;

/** One for all sockets of the thread: a view is valid only during `onData`, and callbacks do not nest. */
const readBuffer = new Uint8Array(64 * 1024);

/** The last view handed out: answers of one length, the usual case under load, then cost no allocation. */
let lastView = readBuffer;

function viewOf(length: number): Uint8Array {
  if (lastView.length !== length) lastView = readBuffer.subarray(0, length);
  return lastView;
}

/** A net socket that knows whose it is, so that all of them share their listeners: 1.2 KiB less each on Deno. */
class OwnedSocket extends NetSocket {
  readonly owner: NodeSocket;

  constructor(owner: NodeSocket, options: SocketConstructorOpts & { onread: OnReadOpts }) {
    super(options);
    this.owner = owner;
    this.on("connect", tellOpen).on("drain", tellDrain).on("end", tellEnd).on("error", tellError).on(
      "close",
      tellClose,
    );
  }
}

function tellOpen(this: OwnedSocket): void {
  // Set here, because as options Node and Bun heed them only in the constructor, Deno only in connect().
  this.setNoDelay(true);
  this.setKeepAlive(true, KEEP_ALIVE_MS);
  this.owner.handler?.onOpen();
}

function tellDrain(this: OwnedSocket): void {
  this.owner.handler?.onDrain();
}

function tellEnd(this: OwnedSocket): void {
  this.owner.handler?.onEnd();
}

function tellError(this: OwnedSocket, cause: unknown): void {
  this.owner.failed(cause);
}

function tellClose(this: OwnedSocket): void {
  this.owner.closed();
}

class NodeSocket implements Socket {
  /** Whom to tell; undefined once nobody is to be told anything any more. */
  handler: SocketHandler | undefined;
  readonly #net: OwnedSocket;
  #error: SocketError | undefined;

  constructor(address: Address, handler: SocketHandler) {
    this.handler = handler;
    // A closure of its own, because Bun does not call it on the socket.
    const callback = (length: number) => {
      this.handler?.onData(viewOf(length));
      return true; // pausing is `pause()`: its effect on the handle is the same
    };
    this.#net = new OwnedSocket(this, { allowHalfOpen: true, onread: { buffer: readBuffer, callback } });
    try {
      this.#net.connect(address);
    } catch (cause) {
      this.failed(cause);
      queueMicrotask(() => this.closed());
    }
  }

  failed(cause: unknown): void {
    this.#error = errorOf(cause);
  }

  closed(): void {
    const handler = this.handler;
    this.handler = undefined;
    handler?.onClose(this.#error);
  }

  write(bytes: Uint8Array): boolean {
    return this.handler === undefined || this.#net.write(bytes);
  }

  pause(): void {
    this.#net.pause();
  }

  resume(): void {
    this.#net.resume();
  }

  end(): void {
    this.#net.end();
  }

  destroy(): void {
    this.handler = undefined; // first: Bun emits an 'end' from within destroy()
    this.#net.destroy();
  }
}

/** Deno calls it EINVAL where a connect finds no free local port; everywhere else that is EADDRNOTAVAIL. */
function errorOf(cause: unknown): SocketError {
  const error = SocketError.from(cause);
  const outOfPorts = error.code === "EINVAL" && "Deno" in globalThis && (cause as { port?: number }).port !== undefined;
  return outOfPorts ? new SocketError("EADDRNOTAVAIL", error.message, cause) : error;
}

/** Sockets on `node:net`, read through `onread`, with everything queued that is written. */
export const nodeAdapter: SocketAdapter = {
  name: "node",
  dial: (address, handler) => new NodeSocket(address, handler),
};

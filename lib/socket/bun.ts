// Bun's own sockets: one handler object for all of them, and writes that tell exactly what the kernel took.

import { Fifo } from "../core/fifo.ts";
import { nodeAdapter } from "./node.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "./socket.ts";
import { SocketError } from "./socket_error.ts";

/** Idle time before the first probe of a silent peer. */
const KEEP_ALIVE_MS = 30_000;

/** What is used of a Bun socket. */
interface BunHandle {
  readonly data: BunSocket;
  /** How many bytes the kernel took: fewer than given means "wait for drain", -1 a closed socket. */
  write(bytes: Uint8Array): number;
  pause(): void;
  resume(): void;
  ref(): void;
  unref(): void;
  setNoDelay(on: boolean): boolean;
  setKeepAlive(on: boolean, initialDelayMs: number): boolean;
  /** FIN, reading goes on. */
  shutdown(): void;
  /** Closes both ways at once. */
  end(): void;
}

/**
 * Bun makes a buffer of its own for what each read brings, up to 512 KiB. One that is large is given back as soon as it
 * was looked at: the next read then finds the same memory, still in the cache, instead of what a later collection frees.
 */
const LARGE_BYTES = 16 * 1024;

/** ES2024, which Bun has. */
interface Transferable {
  transfer(newLength: number): ArrayBuffer;
}

declare const Bun: {
  connect(
    options: ({ hostname: string; port: number } | { unix: string }) & {
      socket: typeof events;
      data: BunSocket;
      allowHalfOpen: true;
    },
  ): Promise<BunHandle>;
};

class BunSocket implements Socket {
  /** Undefined while dialing, and after the end: Bun shows a socket only once it is open. */
  #handle: BunHandle | undefined;
  /** Whom to tell; undefined once nobody is to be told anything any more. */
  #handler: SocketHandler | undefined;
  /** What the kernel has not taken of the piece under way, and the pieces behind it. As long as there is any, `onDrain` is owed. */
  #rest: Uint8Array | undefined;
  #later: Fifo<Uint8Array> | undefined;
  #paused = false;
  #ending = false;
  #peerEnded = false;
  /** What the owner asked for with `ref` and `unref`. */
  #keepsAlive = true;

  constructor(handler: SocketHandler) {
    this.#handler = handler;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#handler === undefined || this.#ending) return true;
    if (this.#handle === undefined || this.#rest !== undefined) {
      this.#queue(bytes);
      return false;
    }
    const taken = this.#handle.write(bytes);
    if (taken === bytes.length) return true;
    if (taken < 0) return true; // already closed: `close` tells
    this.#rest = taken === 0 ? bytes : bytes.subarray(taken);
    this.#reference();
    return false;
  }

  pause(): void {
    this.#paused = true;
    this.#handle?.pause();
    this.#reference();
  }

  resume(): void {
    this.#paused = false;
    this.#handle?.resume();
    this.#reference();
  }

  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    if (this.#rest === undefined) this.#handle?.shutdown();
  }

  startTls(): never {
    throw new Error("startTls on a socket that was not dialed as upgradable");
  }

  handover(handler: SocketHandler): void {
    if (this.#handler !== undefined) this.#handler = handler;
  }

  ref(): void {
    this.#keepsAlive = true;
    this.#reference();
  }

  unref(): void {
    this.#keepsAlive = false;
    this.#reference();
  }

  destroy(): void {
    this.#handler = undefined; // first: `close` may be told from within end()
    this.#rest = this.#later = undefined;
    this.#handle?.end(); // not terminate(): the peer shall see an ordinary FIN
  }

  opened(handle: BunHandle): void {
    if (this.#handler === undefined) {
      handle.end(); // destroyed in mid-dial
      return;
    }
    this.#handle = handle;
    handle.setNoDelay(true);
    handle.setKeepAlive(true, KEEP_ALIVE_MS);
    if (this.#paused) handle.pause();
    if (this.#paused || !this.#keepsAlive) this.#reference();
    this.#handler.onOpen();
    if (this.#rest !== undefined) this.drained(); // what was written before
    else if (this.#ending) this.#handle?.shutdown();
  }

  received(view: Uint8Array): void {
    this.#handler?.onData(view);
    if (view.length >= LARGE_BYTES) (view.buffer as unknown as Transferable).transfer(0);
  }

  /** The kernel has room, or just opened; Bun also says so when nothing waits. */
  drained(): void {
    if (this.#rest === undefined) return;
    while (this.#rest !== undefined) {
      const taken = this.#handle!.write(this.#rest);
      if (taken < 0) return;
      if (taken < this.#rest.length) {
        this.#rest = this.#rest.subarray(taken);
        return;
      }
      this.#rest = this.#later?.shift();
    }
    this.#reference();
    if (this.#ending) this.#handle?.shutdown();
    else this.#handler?.onDrain();
  }

  finished(): void {
    if (this.#peerEnded) return;
    this.#peerEnded = true;
    this.#handler?.onEnd();
  }

  closed(error: SocketError | undefined): void {
    if (error === undefined) this.finished(); // after shutdown() Bun tells the peer's FIN by `close` alone
    const handler = this.#handler;
    this.#handler =
      this.#handle =
      this.#rest =
      this.#later =
        undefined;
    handler?.onClose(error);
  }

  /** A paused socket with nothing to send keeps no process alive: elsewhere that comes by itself, Bun has to be told. */
  #reference(): void {
    if (this.#keepsAlive && (!this.#paused || this.#rest !== undefined)) this.#handle?.ref();
    else this.#handle?.unref();
  }

  #queue(bytes: Uint8Array): void {
    if (this.#rest === undefined) this.#rest = bytes;
    else (this.#later ??= new Fifo()).push(bytes);
  }
}

/** The events of every socket, told to the object that Bun keeps as its `data`. */
const events = {
  binaryType: "uint8array",
  open: (handle: BunHandle) => handle.data.opened(handle),
  data: (handle: BunHandle, view: Uint8Array) => handle.data.received(view),
  drain: (handle: BunHandle) => handle.data.drained(),
  end: (handle: BunHandle) => handle.data.finished(),
  close: (handle: BunHandle, cause?: unknown) =>
    handle.data.closed(cause === undefined ? undefined : SocketError.from(cause)),
  /** Bun brings what a callback threw; elsewhere that is an uncaught exception, so here too. */
  error: (_handle: BunHandle, thrown: unknown) =>
    queueMicrotask(() => {
      throw thrown;
    }),
};

/** Bun says "Failed to connect", whatever it was and wherever to. */
function refusal(cause: unknown, address: Address): SocketError {
  const { code } = SocketError.from(cause);
  const where = "path" in address ? address.path : `${address.host}:${address.port}`;
  return new SocketError(code, `connect ${code} ${where}`, cause);
}

function dial(address: Address, handler: SocketHandler): Socket {
  if (address.tls !== undefined || address.upgradable === true) return nodeAdapter.dial(address, handler);
  const socket = new BunSocket(handler);
  const target = "path" in address ? { unix: address.path } : { hostname: address.host, port: address.port };
  const refused = (cause: unknown) => socket.closed(refusal(cause, address));
  try {
    Bun.connect({ ...target, socket: events, data: socket, allowHalfOpen: true }).catch(refused);
  } catch (cause) {
    queueMicrotask(() => refused(cause));
  }
  return socket;
}

/**
 * Sockets on `Bun.connect`: plain TCP and unix paths, faster and leaner than Bun's `node:net`. Those with TLS, now or
 * later, come from the base.
 */
export const bunAdapter: SocketAdapter = { name: "bun", dial };

// Deno's own sockets: promises underneath, one read and one write pending at most, callbacks towards the owner.

import { Fifo } from "../core/fifo.ts";
import { nodeAdapter } from "./node.ts";
import { ReadBuffers } from "./read_buffers.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "./socket.ts";
import { codeOf, SocketError } from "./socket_error.ts";

/** As `node:net` in Node 22 and later: this much unsent, and `write` says to hold back. */
const HIGH_WATER_BYTES = 64 * 1024;

/** For a socket that waits: small, because Deno needs a buffer per pending read, and an idle socket has one pending. */
const waitingBuffers = new ReadBuffers(2 * 1024, 1024);

/** For a socket whose last read filled the small one, until it reads little again. */
const flowingBuffers = new ReadBuffers(16 * 1024, 256);

/** What is used of a Deno connection. */
interface DenoConn {
  /** The number of bytes read, null for the peer's FIN. */
  read(into: Uint8Array): Promise<number | null>;
  /** The number of bytes taken, possibly fewer than given. */
  write(bytes: Uint8Array): Promise<number>;
  /** FIN, reading goes on. */
  closeWrite(): Promise<void>;
  close(): void;
  ref(): void;
  unref(): void;
  /** Absent on unix sockets. */
  setNoDelay?(on: boolean): void;
  setKeepAlive?(on: boolean): void;
}

declare const Deno: {
  connect(
    options: { hostname: string; port: number; signal: AbortSignal } | { transport: "unix"; path: string },
  ): Promise<DenoConn>;
};

class DenoSocket implements Socket {
  #conn: DenoConn | undefined;
  /** Whom to tell; undefined once nobody is to be told anything any more. */
  #handler: SocketHandler | undefined;
  /** Stops the dial; undefined once it is over. */
  #dialing: AbortController | undefined = new AbortController();
  /** Where the buffer of the next read comes from. */
  #buffers = waitingBuffers;
  /** Lent while a read is pending, or while what it brought waits for `resume`. */
  #buffer: Uint8Array | undefined;
  /** What a read brought while paused; null is the peer's FIN. */
  #arrived: number | null | undefined;
  #paused = false;
  #peerEnded = false;
  /** The piece whose write is pending, less what was taken of it, and the pieces behind it. */
  #rest: Uint8Array | undefined;
  #later: Fifo<Uint8Array> | undefined;
  #unsentBytes = 0;
  /** A write returned false: `onDrain` is owed. */
  #blocked = false;
  #ending = false;
  /** What the owner asked for with `ref` and `unref`. */
  #keepsAlive = true;
  /** What the connection was told last. */
  #referenced = true;

  constructor(address: Address, handler: SocketHandler) {
    this.#handler = handler;
    this.#dial(address, this.#dialing!.signal).then((conn) => this.#opened(conn), this.#failed);
  }

  /** Async, so that what Deno throws at once (a bad port) arrives as every other failure does. */
  // deno-lint-ignore require-await
  async #dial(address: Address, signal: AbortSignal): Promise<DenoConn> {
    if ("path" in address) return Deno.connect({ transport: "unix", path: address.path });
    return Deno.connect({ hostname: address.host, port: address.port, signal });
  }

  write(bytes: Uint8Array): boolean {
    if (this.#handler === undefined || this.#ending) return true;
    this.#unsentBytes += bytes.length;
    if (this.#rest !== undefined) (this.#later ??= new Fifo()).push(bytes);
    else {
      this.#rest = bytes;
      if (this.#conn !== undefined) this.#send();
    }
    this.#reference();
    if (this.#unsentBytes < HIGH_WATER_BYTES) return true;
    this.#blocked = true;
    return false;
  }

  pause(): void {
    this.#paused = true;
    this.#reference();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#arrived !== undefined) queueMicrotask(() => this.#deliver());
    else this.#read();
    this.#reference();
  }

  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    if (this.#rest === undefined && this.#conn !== undefined) this.#finish();
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
    this.#handler = undefined;
    this.#dialing?.abort();
    this.#release();
  }

  #opened(conn: DenoConn): void {
    this.#dialing = undefined;
    if (this.#handler === undefined) {
      conn.close(); // destroyed in mid-dial
      return;
    }
    this.#conn = conn;
    conn.setNoDelay?.(true);
    conn.setKeepAlive?.(true);
    this.#reference();
    this.#read();
    if (this.#rest !== undefined) this.#send();
    else if (this.#ending) this.#finish();
    this.#handler.onOpen();
  }

  /** A paused socket with nothing to send keeps no process alive, though a read may be pending. */
  #reference(): void {
    const wanted = this.#keepsAlive && (!this.#paused || this.#rest !== undefined);
    if (this.#conn === undefined || wanted === this.#referenced) return;
    this.#referenced = wanted;
    if (wanted) this.#conn.ref();
    else this.#conn.unref();
  }

  #read(): void {
    if (this.#conn === undefined || this.#paused || this.#peerEnded || this.#buffer !== undefined) return;
    this.#buffer = this.#buffers.lend();
    this.#conn.read(this.#buffer).then(this.#wasRead, this.#failed);
  }

  readonly #wasRead = (count: number | null): void => {
    this.#arrived = count;
    this.#deliver();
  };

  /** Tells what the last read brought, unless paused meanwhile: then it waits where it is. */
  #deliver(): void {
    const count = this.#arrived;
    if (this.#paused && this.#handler !== undefined || count === undefined) return;
    this.#arrived = undefined;
    if (count === null) {
      this.#giveBack();
      this.#peerEnded = true;
      this.#handler?.onEnd();
      if (this.#ending && this.#rest === undefined) this.#close(undefined);
      return;
    }
    this.#handler?.onData(this.#buffer!.subarray(0, count));
    this.#giveBack();
    this.#buffers = count < waitingBuffers.bytes ? waitingBuffers : flowingBuffers;
    this.#read();
  }

  #giveBack(): void {
    if (this.#buffer !== undefined) this.#buffers.takeBack(this.#buffer);
    this.#buffer = undefined;
  }

  #send(): void {
    this.#conn!.write(this.#rest!).then(this.#wasSent, this.#failed);
  }

  readonly #wasSent = (count: number): void => {
    if (this.#handler === undefined) return;
    this.#unsentBytes -= count;
    this.#rest = count < this.#rest!.length ? this.#rest!.subarray(count) : this.#later?.shift();
    if (this.#rest !== undefined) {
      this.#send();
      return;
    }
    this.#reference();
    if (this.#ending) this.#finish();
    else if (this.#blocked) {
      this.#blocked = false;
      this.#handler.onDrain();
    }
  };

  /** Everything is sent: FIN. Where it fails, the read under way knows better why. */
  #finish(): void {
    if (this.#peerEnded) queueMicrotask(() => this.#close(undefined));
    else this.#conn!.closeWrite().catch(() => {});
  }

  readonly #failed = (cause: unknown): void => {
    this.#dialing = undefined;
    this.#close(errorOf(cause));
  };

  #close(error: SocketError | undefined): void {
    const handler = this.#handler;
    this.#handler = undefined;
    this.#release();
    handler?.onClose(error);
  }

  #release(): void {
    this.#rest = this.#later = undefined;
    this.#conn?.close();
    this.#conn = undefined;
  }
}

/** Deno's resolver gives no code, only the resolver's own words. */
function errorOf(cause: unknown): SocketError {
  const unresolved = codeOf(cause) === undefined && cause instanceof Error && /lookup address/.test(cause.message);
  return unresolved ? new SocketError("ENOTFOUND", cause.message, cause) : SocketError.from(cause);
}

function dial(address: Address, handler: SocketHandler): Socket {
  if (address.tls !== undefined || address.upgradable === true) return nodeAdapter.dial(address, handler);
  return new DenoSocket(address, handler);
}

/**
 * Sockets on `Deno.connect`, each with its own read buffer while a read is pending. Those with TLS, now or later, come
 * from the base.
 */
export const denoAdapter: SocketAdapter = { name: "deno", dial };

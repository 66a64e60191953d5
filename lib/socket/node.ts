// The base adapter: `node:net` and `node:tls`, which Node, Deno and Bun all have.

import type { TLSSocket } from "node:tls";
import { copyBytes } from "../core/bytes.ts";
import {
  deadStream,
  plainStream,
  setReading,
  type Stream,
  type StreamOwner,
  tlsStream,
  tlsStreamOver,
} from "./node_stream.ts";
import { tlsStateOf } from "./node_tls.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "./socket.ts";
import { SocketError } from "./socket_error.ts";
import type { TlsSettings } from "./tls.ts";

/** A connection in the plain, and what it has in common with one that has TLS. */
class NodeSocket implements Socket, StreamOwner {
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
    return this.handler === undefined || this.stream.write(bytes);
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

/** A handshake under way, and what was asked of the socket meanwhile: it takes effect at the end. */
interface Handshake {
  readonly settings: TlsSettings;
  readonly writes: Uint8Array[];
  ending: boolean;
}

/** A connection with TLS, or one that may get it; `stream` is the outermost TLS. */
class SecurableSocket extends NodeSocket {
  readonly #upgradable: boolean;
  #handshake: Handshake | undefined;
  #paused = false;
  #keepsAlive = true;
  /** What came while paused, in order: TLS still decrypts what it has read. */
  #held: (Uint8Array | "end" | "close")[] | undefined;

  constructor(address: Address, handler: SocketHandler) {
    super(address, handler, address.tls === undefined ? plainStream : tlsStream);
    this.#upgradable = address.upgradable === true;
    this.#handshake = address.tls && { settings: address.tls, writes: [], ending: false };
  }

  override secured(stream: TLSSocket): void {
    if (this.#handshake === undefined) return; // the server negotiated anew
    const { settings, writes, ending } = this.#handshake;
    this.#handshake = undefined;
    if (this.#paused) setReading(this.stream, false, this.#keepsAlive);
    for (const bytes of writes) stream.write(bytes);
    if (ending) stream.end();
    this.handler?.onSecure?.(tlsStateOf(stream, settings.servername));
    if (writes.length > 0 && !stream.writableNeedDrain && !stream.writableEnded) this.handler?.onDrain();
  }

  override received(view: Uint8Array): void {
    if (this.#paused || this.#held !== undefined) this.#hold(copyBytes(view));
    else this.handler?.onData(view);
  }

  override ended(): void {
    if (this.#handshake !== undefined) this.stream.destroy();
    else if (this.#paused || this.#held !== undefined) this.#hold("end");
    else this.handler?.onEnd();
  }

  override closed(): void {
    if (this.error === undefined && this.#held !== undefined) {
      this.#hold("close");
      return;
    }
    if (this.#handshake !== undefined) this.failed(new SocketError("ECONNRESET", "the peer left in mid-handshake"));
    super.closed();
  }

  override write(bytes: Uint8Array): boolean {
    if (this.handler === undefined) return true;
    if (this.#handshake !== undefined) {
      this.#handshake.writes.push(bytes);
      return false;
    }
    const taken = this.stream.write(bytes);
    if (!taken && this.#paused && this.#keepsAlive) this.stream.ref(); // see setReading: what is unsent counts
    return taken;
  }

  override pause(): void {
    this.#paused = true;
    if (this.#handshake === undefined) setReading(this.stream, false, this.#keepsAlive);
  }

  override resume(): void {
    this.#paused = false;
    if (this.#held !== undefined) queueMicrotask(() => this.#release());
    else if (this.#handshake === undefined) setReading(this.stream, true, this.#keepsAlive);
  }

  override end(): void {
    if (this.#handshake === undefined) this.stream.end();
    else this.#handshake.ending = true;
  }

  override startTls(settings: TlsSettings): void {
    if (!this.#upgradable) super.startTls(settings);
    if (this.handler === undefined) return;
    if (this.stream.connecting || this.#handshake !== undefined) {
      throw new Error("startTls before the connection is open");
    }
    this.#handshake = { settings, writes: [], ending: false };
    try {
      this.stream = tlsStreamOver(this, this.stream, settings);
    } catch (cause) {
      this.stream.destroy();
      this.giveUp(cause);
    }
    if (!this.#keepsAlive) this.stream.unref();
  }

  override ref(): void {
    this.#keepsAlive = true;
    this.stream.ref();
  }

  override unref(): void {
    this.#keepsAlive = false;
    this.stream.unref();
  }

  override destroy(): void {
    this.#held = undefined;
    super.destroy();
  }

  #hold(what: Uint8Array | "end" | "close"): void {
    (this.#held ??= []).push(what);
  }

  /** Tells what was held, as long as nobody pauses again. */
  #release(): void {
    while (!this.#paused && this.#held !== undefined) {
      const next = this.#held.shift();
      if (next === undefined) {
        this.#held = undefined;
        setReading(this.stream, true, this.#keepsAlive);
      } else if (next === "end") this.handler?.onEnd();
      else if (next === "close") {
        this.#held = undefined;
        this.closed();
      } else this.handler?.onData(next);
    }
  }
}

/** Deno calls it EINVAL where a connect finds no free local port; everywhere else that is EADDRNOTAVAIL. */
function errorOf(cause: unknown): SocketError {
  const error = SocketError.from(cause);
  const outOfPorts = error.code === "EINVAL" && "Deno" in globalThis && (cause as { port?: number }).port !== undefined;
  return outOfPorts ? new SocketError("EADDRNOTAVAIL", error.message, cause) : error;
}

/** Sockets on `node:net` and `node:tls`, read through `onread`, with everything queued that is written. */
export const nodeAdapter: SocketAdapter = {
  name: "node",
  dial: (address, handler) =>
    address.tls === undefined && address.upgradable !== true
      ? new NodeSocket(address, handler, plainStream)
      : new SecurableSocket(address, handler),
};

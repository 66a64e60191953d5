// A socket with TLS on `node:tls`, from the start or put over a plain one.

import type { TLSSocket } from "node:tls";
import { copyBytes } from "../core/bytes.ts";
import { NodeSocket } from "./node_socket.ts";
import { plainStream, setReading, tlsStream, tlsStreamOver, writeTo } from "./node_stream.ts";
import { tlsStateOf } from "./node_tls.ts";
import type { Address, SocketHandler } from "./socket.ts";
import { SocketError } from "./socket_error.ts";
import type { TlsSettings } from "./tls.ts";

/** A handshake under way, and what was asked of the socket meanwhile: it takes effect at the end. */
interface Handshake {
  readonly settings: TlsSettings;
  readonly writes: Uint8Array[];
  ending: boolean;
}

/** A connection with TLS, or one that may get it; `stream` is the outermost TLS. */
export class NodeTlsSocket extends NodeSocket {
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
    const taken = writeTo(this.stream, bytes);
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

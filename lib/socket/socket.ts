// The one interface between this library and a runtime's network. Adapters implement it; nothing above this folder names a
// runtime. README.md has the whole contract, `tests/conformance` holds each adapter to it.

import type { SocketError } from "./socket_error.ts";
import type { TlsSettings, TlsState } from "./tls.ts";

/** Where to dial, and what for. */
export type Address = ({ readonly host: string; readonly port: number } | { readonly path: string }) & {
  /** A handshake follows the connect: what is written and read is plaintext, the wire is TLS. */
  readonly tls?: TlsSettings | undefined;
  /** `startTls` may be called on the socket. */
  readonly upgradable?: boolean | undefined;
};

/**
 * What a socket tells its owner: one object per connection, no closures. Callbacks never run inside `dial` or another
 * call to the socket, and none runs after `destroy` or after `onClose`. README.md has the whole contract.
 */
export interface SocketHandler {
  /** Connected. What was written before waited, and is sent now. */
  onOpen(): void;
  /** A handshake is finished: that of an address with `tls`, after `onOpen`, or that of a `startTls`. */
  onSecure?(state: TlsState): void;
  /** Bytes arrived. The view is the adapter's own buffer: valid during the call, copy what is left over. */
  onData(view: Uint8Array): void;
  /** Everything that `write` queued is with the kernel. Owed once a `write` returned false; told once; not after `end`. */
  onDrain(): void;
  /** The peer's FIN, after its last byte. Writing is still possible: sockets are half-open. */
  onEnd(): void;
  /** The socket is gone: the dial failed, the peer reset, both sides ended. Not called after `destroy`. */
  onClose(error: SocketError | undefined): void;
}

/** One connection, from the moment that it is dialed. Calls on a closed socket do nothing. */
export interface Socket {
  /** Queues or sends bytes, which the caller leaves unchanged; false: hold back until `onDrain`. */
  write(bytes: Uint8Array): boolean;
  /** Stops reading, so that the kernel's buffer fills and the peer feels it. */
  pause(): void;
  resume(): void;
  /** Half-close: FIN after what is queued. Reading goes on. */
  end(): void;
  /**
   * Begins TLS on an open connection; over a TLS one it becomes TLS in TLS. `onSecure` follows, and what is written
   * meanwhile waits for it. Throws where the connection is not open, or was not dialed as `upgradable`.
   */
  startTls(settings: TlsSettings): void;
  /** From the next callback on, tell another one. */
  handover(handler: SocketHandler): void;
  /** Whether the open socket keeps the process alive; it does from the start. */
  ref(): void;
  unref(): void;
  /** Gives the connection up at once, also in mid-dial; no callback follows. */
  destroy(): void;
}

/** One runtime's way to the network: the base on `node:net` (everywhere), Bun's, Deno's. */
export interface SocketAdapter {
  readonly name: "node" | "bun" | "deno";
  dial(address: Address, handler: SocketHandler): Socket;
}

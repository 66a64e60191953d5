import type { SocketError } from "./socket_error.ts";

/** Where to dial. TLS will come as a third member beside these, so that dialing stays one call. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * What a socket tells its owner: one object per connection, no closures. Callbacks never run inside `dial` or another
 * call to the socket, and none runs after `destroy` or after `onClose`. README.md has the whole contract.
 */
export interface SocketHandler {
  /** Connected. What was written before waited, and is sent now. */
  onOpen(): void;
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
  /** Gives the connection up at once, also in mid-dial; no callback follows. */
  destroy(): void;
}

/** One runtime's way to the network: the base on `node:net` (everywhere), Bun's, Deno's. */
export interface SocketAdapter {
  readonly name: "node" | "bun" | "deno";
  dial(address: Address, handler: SocketHandler): Socket;
}

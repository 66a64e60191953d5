// The base adapter: `node:net` and `node:tls`, which Node, Deno and Bun all have.

import { NodeSocket } from "./node_socket.ts";
import { plainStream } from "./node_stream.ts";
import { NodeTlsSocket } from "./node_tls_socket.ts";
import type { SocketAdapter } from "./socket.ts";

/** Sockets on `node:net` and `node:tls`, read through `onread`, with everything queued that is written. */
export const nodeAdapter: SocketAdapter = {
  name: "node",
  dial: (address, handler) =>
    address.tls === undefined && address.upgradable !== true
      ? new NodeSocket(address, handler, plainStream)
      : new NodeTlsSocket(address, handler),
};

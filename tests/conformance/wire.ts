// What lies between a socket under test and the test's own end of the connection.

import type { Socket as Peer } from "node:net";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../lib/socket/socket.ts";
import type { TlsSettings, TlsState } from "../../lib/socket/tls.ts";
import { authority } from "../support/certificates.ts";
import { RawServer } from "../support/raw_server.ts";
import { TlsServer } from "../support/tls_server.ts";

export interface WireServer extends AsyncDisposable {
  readonly port: number;
  readonly address: Address;
  /** Above TLS, where there is any. */
  readonly accepted: readonly Peer[];
  peer(index?: number): Promise<Peer>;
  /** Breaks the connection below everything. */
  reset(peer: Peer): void;
}

export interface Wire {
  readonly name: string;
  /** What says that bytes written now go straight out. */
  readonly ready: "open" | "secure";
  /** TLS starts after the open: until then everything goes out in the plain. */
  readonly upgraded: boolean;
  serve(onConnection?: (peer: Peer, server: WireServer) => void, path?: string): Promise<WireServer>;
  /** Calls back once the test's end can be ended: not before its handshake. */
  established(peer: Peer, then: () => void): void;
  /** The address of somebody else's server. */
  to(where: { host: string; port: number } | { path: string }): Address;
}

export const plainWire: Wire = {
  name: "socket",
  ready: "open",
  upgraded: false,
  async serve(onConnection, path) {
    const server: RawServer = await RawServer.listen((peer) => onConnection?.(peer, wired), path);
    const wired: WireServer = {
      port: path === undefined ? server.port : 0,
      address: server.address,
      accepted: server.accepted,
      peer: (index) => server.peer(index),
      reset: (peer) => void peer.resetAndDestroy(),
      [Symbol.asyncDispose]: () => server.close(),
    };
    return wired;
  },
  established: (_, then) => then(),
  to: (where) => where,
};

export async function tlsWire(): Promise<Wire> {
  const { ca } = await authority();
  const certificate = await (await authority()).server("localhost", "127.0.0.1");
  const tls: TlsSettings = { servername: "localhost", ca };
  return {
    name: "TLS socket",
    ready: "secure",
    upgraded: false,
    async serve(onConnection, path) {
      const server: TlsServer = await TlsServer.listen(certificate, (peer) => onConnection?.(peer, wired), path);
      const wired: WireServer = {
        port: path === undefined ? server.port : 0,
        address: { ...server.address, tls },
        accepted: server.accepted,
        peer: (index) => server.peer(index),
        reset: (peer) => server.reset(peer),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
      return wired;
    },
    established: (peer, then) => void peer.once("secure", then),
    to: (where) => ({ ...where, tls }),
  };
}

/** Dials an address with `tls` in the plain, and starts TLS as soon as the connection is open. */
export function upgrading(adapter: SocketAdapter): SocketAdapter {
  return {
    name: adapter.name,
    dial({ tls, ...where }, handler): Socket {
      const upgrader: SocketHandler = {
        onOpen() {
          socket.startTls(tls!);
          handler.onOpen();
        },
        onSecure: (state: TlsState) => handler.onSecure?.(state),
        onData: (view) => handler.onData(view),
        onDrain: () => handler.onDrain(),
        onEnd: () => handler.onEnd(),
        onClose: (error) => handler.onClose(error),
      };
      const socket = adapter.dial({ ...where, upgradable: true }, upgrader);
      return socket;
    },
  };
}

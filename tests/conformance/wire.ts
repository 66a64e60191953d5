// What lies between a socket under test and the test's own end of the connection.

import type { Socket as Peer } from "node:net";
import { currentRuntime } from "../../cli/process/runtimes.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../lib/socket/socket.ts";
import type { TlsSettings, TlsState } from "../../lib/socket/tls.ts";
import { authority } from "../support/certificates.ts";
import { RawServer } from "../support/raw_server.ts";
import { TlsServer } from "../support/tls_server.ts";

export interface WireServer extends AsyncDisposable {
  readonly port: number;
  readonly address: Address;
  /** The test's end of the connection with this index, as soon as bytes written there go straight out. */
  peer(index?: number): Promise<Peer>;
  /** How many the clients have ended, and how many not. */
  connections(): { ended: number; live: number };
  /** Breaks the connection, without a word of TLS. */
  reset(peer: Peer): void;
  /** Takes nothing more from the client until `release`. */
  hold(peer: Peer): void;
  release(peer: Peer): void;
}

export interface Wire {
  readonly name: string;
  /** What says that bytes written now go straight out. */
  readonly ready: "open" | "secure";
  /** What a reset of a quiet connection is told as: Deno's TLS takes it for the peer's end. */
  readonly resetIs: "close" | "end";
  /** TLS starts after the open: until then everything goes out in the plain. */
  readonly upgraded: boolean;
  serve(onConnection?: (peer: Peer, server: WireServer) => void, path?: string): Promise<WireServer>;
  /** The address of somebody else's server. */
  to(where: { host: string; port: number } | { path: string }): Address;
}

export const plainWire: Wire = {
  name: "socket",
  ready: "open",
  resetIs: "close",
  upgraded: false,
  async serve(onConnection, path) {
    const server: RawServer = await RawServer.listen((peer) => onConnection?.(peer, wired), path);
    const wired: WireServer = {
      port: path === undefined ? server.port : 0,
      address: server.address,
      peer: (index) => server.peer(index),
      connections: () => census(server.accepted),
      reset: (peer) => void peer.resetAndDestroy(),
      hold: (peer) => void peer.pause(),
      release: (peer) => void peer.resume(),
      [Symbol.asyncDispose]: () => server.close(),
    };
    return wired;
  },
  to: (where) => where,
};

function census(peers: readonly Peer[]): { ended: number; live: number } {
  const ended = peers.filter((peer) => peer.readableEnded || peer.destroyed).length;
  return { ended, live: peers.length - ended };
}

export async function tlsWire(): Promise<Wire> {
  const { ca } = await authority();
  const certificate = await (await authority()).server("localhost", "127.0.0.1");
  const tls: TlsSettings = { servername: "localhost", credentials: { ca } };
  return {
    name: "TLS socket",
    ready: "secure",
    resetIs: currentRuntime() === "deno" ? "end" : "close",
    upgraded: false,
    async serve(onConnection, path) {
      const server: TlsServer = await TlsServer.listen(certificate, (peer) => onConnection?.(peer, wired), path);
      const wired: WireServer = {
        port: path === undefined ? server.port : 0,
        address: { ...server.address, tls },
        peer: (index) => server.peer(index),
        connections: () => census(server.outer),
        reset: (peer) => server.reset(peer),
        hold: (peer) => server.hold(peer),
        release: (peer) => server.release(peer),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
      return wired;
    },
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

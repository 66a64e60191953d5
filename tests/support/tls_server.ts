// A TLS server without HTTP: tests say byte by byte what the peer does, above TLS and below it.

import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from "node:tls";
import type { Certificate } from "./certificates.ts";

/** What lies between the client and one TLS socket. */
interface Leg {
  /** Towards the client. */
  readonly outer: Socket;
  /** Towards the TLS server. */
  readonly inner: Socket;
}

/**
 * Listens on loopback, or on a unix path. A relay for the bytes stands before the TLS server, because a reset and a
 * peer that does not read are things of TCP, and not every runtime lets them through its TLS sockets.
 */
export class TlsServer implements AsyncDisposable {
  /** Every connection past its handshake, oldest first; half-open until the test ends it. */
  readonly accepted: TLSSocket[] = [];
  /** The codes of handshakes that failed. */
  readonly failures: string[] = [];
  readonly #legs: Leg[] = [];
  readonly #below: Socket[] = [];
  readonly #relay: Server;
  readonly #tls: Server;
  readonly #path: string | undefined;
  #waiting: (() => void)[] = [];

  private constructor(options: TlsOptions & Certificate, onConnection: (peer: TLSSocket) => void, path?: string) {
    this.#path = path;
    this.#tls = createTlsServer({ allowHalfOpen: true, ...options } as TlsOptions, (peer) => {
      peer.on("error", () => {}); // a test that minds listens for itself
      this.accepted.push(peer);
      onConnection(peer);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.#tls.on("connection", (below: Socket) => this.#below.push(below));
    this.#tls.on("tlsClientError", (error: Error & { code?: string }) => this.failures.push(error.code ?? "none"));
    this.#relay = createServer({ allowHalfOpen: true }, (outer) => {
      const inner = connect({ host: "127.0.0.1", port: portOf(this.#tls), allowHalfOpen: true });
      outer.on("error", () => inner.destroy()).on("close", () => inner.destroy()).pipe(inner);
      inner.on("error", () => outer.destroy()).on("close", () => outer.destroySoon()).pipe(outer);
      this.#legs.push({ outer, inner });
    });
  }

  /** Listens on a free port of 127.0.0.1, or on `path`. `onConnection` comes after each handshake. */
  static async listen(
    options: TlsOptions & Certificate,
    onConnection: (peer: TLSSocket) => void = () => {},
    path?: string,
  ): Promise<TlsServer> {
    const server = new TlsServer(options, onConnection, path);
    await listening(server.#tls);
    await listening(server.#relay, path);
    return server;
  }

  get port(): number {
    return portOf(this.#relay);
  }

  /** Where to dial. */
  get address(): { host: string; port: number } | { path: string } {
    return this.#path === undefined ? { host: "127.0.0.1", port: this.port } : { path: this.#path };
  }

  /** The relay's ends of all connections, also of those in mid-handshake. */
  get outer(): Socket[] {
    return this.#legs.map(({ outer }) => outer);
  }

  /** The connection with this index, as soon as its handshake is over. */
  async peer(index = 0): Promise<TLSSocket> {
    while (this.accepted.length <= index) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.accepted[index]!;
  }

  /** Breaks a connection without a word of TLS. */
  reset(peer: Socket): void {
    this.#legOf(peer).outer.resetAndDestroy();
  }

  /** Takes nothing more from the client, so that it feels it. */
  hold(peer: Socket): void {
    const { outer, inner } = this.#legOf(peer);
    outer.unpipe(inner).pause();
  }

  release(peer: Socket): void {
    const { outer, inner } = this.#legOf(peer);
    outer.pipe(inner);
  }

  /** Stops listening and drops every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [this.#relay, this.#tls].map((server) => new Promise<void>((done) => server.close(() => done())));
    for (const peer of [...this.accepted, ...this.#below]) peer.destroy();
    for (const { outer, inner } of this.#legs) {
      outer.destroy();
      inner.destroy();
    }
    await Promise.all(closed);
  }

  #legOf(peer: Socket): Leg {
    return this.#legs.find(({ inner }) => inner.localPort === peer.remotePort)!;
  }
}

function listening(server: Server, path?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...(path === undefined ? { host: "127.0.0.1", port: 0 } : { path }), backlog: 2048 }, resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

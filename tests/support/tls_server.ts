// A TLS server without HTTP: tests say byte by byte what the peer does, above TLS and below it.

import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket, type TLSSocketOptions } from "node:tls";
import type { Certificate } from "./certificates.ts";

type TlsServerOptions = TLSSocketOptions & Certificate;

/** A listening server on loopback, or on a unix path, whose accepted sockets stay half-open until the test ends them. */
export class TlsServer implements AsyncDisposable {
  /** Every TLS socket, in mid-handshake at first, oldest first. */
  readonly accepted: TLSSocket[] = [];
  /** What each runs on: a reset is done here. */
  readonly below: Socket[] = [];
  /** The codes of what went wrong on the accepted sockets. */
  readonly failures: string[] = [];
  readonly #server: Server;
  #path: string | undefined;
  #waiting: (() => void)[] = [];

  private constructor(options: TlsServerOptions, onConnection: (peer: TLSSocket) => void) {
    const secureContext = createSecureContext(options);
    this.#server = createServer({ allowHalfOpen: true }, (below) => {
      below.on("error", (error) => this.#failed(error));
      const peer = new TLSSocket(below, { ...options, secureContext, isServer: true });
      peer.on("error", (error) => this.#failed(error));
      this.below.push(below);
      this.accepted.push(peer);
      onConnection(peer);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Listens on a free port of 127.0.0.1, or on `path`. `onConnection` comes before each handshake. */
  static async listen(
    options: TlsServerOptions,
    onConnection: (peer: TLSSocket) => void = () => {},
    path?: string,
  ): Promise<TlsServer> {
    const server = new TlsServer(options, onConnection);
    server.#path = path;
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      const where = path === undefined ? { host: "127.0.0.1", port: 0 } : { path };
      server.#server.listen({ ...where, backlog: 2048 }, resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Where to dial. */
  get address(): { host: string; port: number } | { path: string } {
    return this.#path === undefined ? { host: "127.0.0.1", port: this.port } : { path: this.#path };
  }

  /** The connection with this index, as soon as it is accepted. */
  async peer(index = 0): Promise<TLSSocket> {
    while (this.accepted.length <= index) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.accepted[index]!;
  }

  /** Breaks a connection without a word of TLS. */
  reset(peer: Socket): void {
    this.below[this.accepted.indexOf(peer as TLSSocket)]!.resetAndDestroy();
  }

  /** Stops listening and drops every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const peer of this.accepted) peer.destroy();
    for (const below of this.below) below.destroy();
    await closed;
  }

  #failed(error: Error & { code?: string }): void {
    this.failures.push(error.code ?? error.message);
  }
}

// An HTTPS server on loopback that answers every request alike, and counts.

import { createServer, type Server, type TlsOptions, type TLSSocket } from "node:tls";
import type { Certificate } from "../support/certificates.ts";

export class HttpsServer implements AsyncDisposable {
  requests = 0;
  /** Handshakes that were carried through. */
  connections = 0;
  /** What each of these asked for by SNI; "" where it did not. */
  readonly names: string[] = [];
  readonly #server: Server;
  readonly #sockets: TLSSocket[] = [];

  private constructor(options: TlsOptions) {
    this.#server = createServer(options, (socket) => {
      this.connections += 1;
      this.#sockets.push(socket);
      this.names.push((socket as TLSSocket & { servername?: string | false }).servername || "");
      let text = "";
      socket.on("error", () => {});
      socket.on("data", (bytes) => {
        const heads = (text + bytes.toString("latin1")).split("\r\n\r\n");
        text = heads.pop()!;
        this.requests += heads.length;
        for (const _ of heads) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
      });
    });
    this.#server.on("tlsClientError", () => {}); // the client says what went wrong
  }

  /** `options.ca` with `requestCert`: clients without a certificate by that authority are turned away. */
  static async start({ cert, key }: Certificate, options: TlsOptions = {}): Promise<HttpsServer> {
    const server = new HttpsServer({ cert, key, ...options });
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

// A server without HTTP: tests say byte by byte what the peer does.

import { createServer, type Server, type Socket } from "node:net";

/** A listening server on loopback, or on a unix path, whose accepted sockets stay half-open until the test ends them. */
export class RawServer {
  /** Every connection accepted so far, oldest first. */
  readonly accepted: Socket[] = [];
  readonly #server: Server;
  readonly #path: string | undefined;
  #waiting: (() => void)[] = [];

  private constructor(path: string | undefined, onConnection: (peer: Socket) => void) {
    this.#path = path;
    this.#server = createServer({ allowHalfOpen: true }, (peer) => {
      peer.on("error", () => {}); // a test that minds listens for itself
      this.accepted.push(peer);
      onConnection(peer);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Listens on a free port of 127.0.0.1, or on `path`. */
  static async listen(onConnection: (peer: Socket) => void = () => {}, path?: string): Promise<RawServer> {
    const server = new RawServer(path, onConnection);
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
  async peer(index = 0): Promise<Socket> {
    while (this.accepted.length <= index) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.accepted[index]!;
  }

  /** Stops listening and drops every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const peer of this.accepted) peer.destroy();
    await closed;
  }
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = await RawServer.listen();
  const port = server.port;
  await server.close();
  return port;
}

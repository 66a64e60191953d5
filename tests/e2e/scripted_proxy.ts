// A proxy on loopback: it opens tunnels, and answers plain requests itself, so that their hosts need not exist.

import { connect, createServer, type Server, type Socket } from "node:net";

export class ScriptedProxy implements AsyncDisposable {
  /** The head of each CONNECT and of each plain request. */
  readonly heads: string[] = [];
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  private constructor(refusal: string | undefined) {
    this.#server = createServer((client) => {
      this.#keep(client);
      let text = "";
      const onData = (bytes: Uint8Array): void => {
        text += new TextDecoder("latin1").decode(bytes);
        for (let end = text.indexOf("\r\n\r\n"); end !== -1; end = text.indexOf("\r\n\r\n")) {
          const head = text.slice(0, end);
          text = text.slice(end + 4);
          this.heads.push(head);
          if (refusal !== undefined) client.end(refusal);
          else if (head.startsWith("CONNECT ")) {
            client.off("data", onData);
            this.#tunnel(client, Number(head.match(/^CONNECT [^ ]*:(\d+) /)![1]));
          } else client.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nvia proxy");
        }
      };
      client.on("data", onData);
    });
  }

  /** With `refusal` that is the answer to everything. */
  static async start(refusal?: string): Promise<ScriptedProxy> {
    const proxy = new ScriptedProxy(refusal);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** "127.0.0.1:port" */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #tunnel(client: Socket, port: number): void {
    const target = this.#keep(connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(client);
      client.pipe(target);
    }));
  }

  #keep(socket: Socket): Socket {
    socket.on("error", () => {});
    this.#sockets.push(socket);
    return socket;
  }
}

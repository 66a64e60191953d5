// A server on loopback whose every byte the test decides: it reads request heads, and the test answers each.

import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** One request as it came over the wire. */
export interface ScriptedRequest {
  readonly head: string;
  /** As long as its Content-Length says, or chunked as it came. */
  readonly body: string;
  readonly socket: Socket;
  /** Requests seen on this connection before this one. */
  readonly index: number;
  /** Connections accepted before this one. */
  readonly connection: number;
}

/** Answers requests by calling the test back; counts the connections it accepted. */
export class ScriptedServer implements AsyncDisposable {
  readonly heads: string[] = [];
  dials = 0;
  readonly sockets: Socket[] = [];
  readonly #server: Server;

  private constructor(answer: (request: ScriptedRequest) => void) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      const connection = this.dials++;
      this.sockets.push(socket);
      let text = "";
      let index = 0;
      socket.on("error", () => {});
      socket.on("end", () => socket.end());
      socket.on("data", (bytes) => {
        text += bytes.toString("latin1");
        for (let end = text.indexOf("\r\n\r\n"); end !== -1; end = text.indexOf("\r\n\r\n")) {
          const head = text.slice(0, end + 4);
          const bodyEnd = endOfBody(head, text, end + 4);
          if (bodyEnd === -1 || text.length < bodyEnd) return;
          const body = text.slice(end + 4, bodyEnd);
          text = text.slice(bodyEnd);
          this.heads.push(head);
          answer({ head, body, socket, index: index++, connection });
        }
      });
    });
  }

  static async start(answer: (request: ScriptedRequest) => void, path?: string): Promise<ScriptedServer> {
    const server = new ScriptedServer(answer);
    await new Promise<void>((resolve) => {
      if (path === undefined) server.#server.listen(0, "127.0.0.1", resolve);
      else server.#server.listen(path, resolve);
    });
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Where a request's body ends in the text that it begins in; -1: that is still to come. */
function endOfBody(head: string, text: string, start: number): number {
  if (!/^transfer-encoding: chunked/im.test(head)) {
    return start + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  }
  const last = text.startsWith(LAST_CHUNK, start) ? start : text.indexOf(`\r\n${LAST_CHUNK}`, start) + 2;
  return last === 1 ? -1 : last + LAST_CHUNK.length;
}

const LAST_CHUNK = "0\r\n\r\n";

/** A response with a length. */
export function ok(body: string, extra = ""): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${extra}\r\n${body}`;
}

/** Resolves once a condition holds; rejects after half a minute, which is long on a busy machine as well. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

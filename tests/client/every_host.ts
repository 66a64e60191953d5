// Many hosts in one: a server on a unix socket to which every connection of a client goes, whatever its URL says.

import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type ClientOptions } from "../../lib/client/client.ts";
import { type ScriptedRequest, ScriptedServer } from "../support/scripted_server.ts";

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  /** Host and path, "a.test/1". */
  readonly at: string;
  /** The field's value; undefined: there is none. */
  field(name: string): string | undefined;
  readonly body: string;
  readonly raw: ScriptedRequest;
}

export class EveryHost implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly client: Client;
  readonly #server: ScriptedServer;

  private constructor(server: ScriptedServer, client: Client) {
    this.#server = server;
    this.client = client;
  }

  /** `answer` gives the bytes of a response; undefined: it has written them itself, or never will. */
  static async start(answer: (seen: Seen) => string | undefined, options: ClientOptions = {}): Promise<EveryHost> {
    const path = join(tmpdir(), `loadgen-${randomUUID()}.sock`);
    const server = await ScriptedServer.start((raw) => {
      const seen = see(raw);
      hosts.seen.push(seen);
      const text = answer(seen);
      if (text !== undefined) raw.socket.write(text);
    }, path);
    const hosts = new EveryHost(server, new Client({ ...options, transport: { unixSocket: path } }));
    return hosts;
  }

  /** The requests as "GET a.test/1". */
  get lines(): string[] {
    return this.seen.map((seen) => `${seen.method} ${seen.at}`);
  }

  get dials(): number {
    return this.#server.dials;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.#server[Symbol.asyncDispose]();
  }
}

/** A redirect without a body. */
export function moved(status: number, location: string, extra = ""): string {
  return `HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n${extra}\r\n`;
}

function see(raw: ScriptedRequest): Seen {
  const [method, target] = raw.head.split(" ", 2) as [string, string];
  const field = (name: string) => new RegExp(`^${name}: *(.*?)\r$`, "im").exec(raw.head)?.[1];
  return { method, at: `${field("host")}${target}`, field, body: raw.body, raw };
}

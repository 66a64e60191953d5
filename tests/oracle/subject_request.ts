import type { TransportRequest } from "../../lib/transport/prepared_request.ts";
import type { Response } from "../../lib/transport/response.ts";
import type { Trace } from "../../lib/transport/trace.ts";
import type { Transport } from "../../lib/transport/transport.ts";
import { classOf } from "./error_class.ts";
import { patternText, type RequestSpec } from "./program.ts";
import { HASH_START, hashOn, type RequestReport } from "./report.ts";

/** One request of a program, and what its caller knows of it. */
export class SubjectRequest {
  readonly #transport: Transport;
  readonly #spec: RequestSpec;
  readonly #url: string;
  readonly #abort = new AbortController();
  readonly #connections: string[] = [];
  readonly #returns: string[] = [];
  readonly #informational: number[] = [];
  readonly #details: string[] = [];
  #response: Response | undefined = undefined;
  #error = "";
  #body = "";
  #bytes = 0;
  #hash = HASH_START;

  constructor(transport: Transport, spec: RequestSpec, url: string) {
    this.#transport = transport;
    this.#spec = spec;
    this.#url = url;
  }

  /** Resolves when the request has come as far as it does on its own. */
  async run(): Promise<void> {
    try {
      this.#response = await this.#transport.roundTrip(this.#toRequest());
    } catch (error) {
      this.#error = this.#note(error);
      return;
    }
    if (this.#spec.then === "read") await this.read("all");
    else if (this.#spec.then === "close") this.close();
  }

  async read(count: number | "all"): Promise<void> {
    const body = this.#response?.body;
    if (body === undefined || this.#body === "reading") return;
    this.#body = "reading";
    try {
      for (let left = count === "all" ? Infinity : count; left > 0;) {
        const chunk = await body.read();
        if (chunk === null) {
          this.#body = "eof";
          return;
        }
        this.#bytes += chunk.length;
        this.#hash = hashOn(this.#hash, chunk);
        left -= chunk.length;
      }
      this.#body = "read";
    } catch (error) {
      this.#body = this.#note(error);
    }
  }

  close(): void {
    this.#response?.body.close();
  }

  cancel(): void {
    this.#abort.abort();
  }

  feed(_length: number): void {}

  finish(_fail: boolean): void {}

  report(): RequestReport {
    const response = this.#response;
    return {
      id: this.#spec.id,
      head: response === undefined ? null : {
        status: response.status,
        proto: response.proto,
        contentLength: response.contentLength,
        uncompressed: false,
        headers: lines(response.headers),
      },
      error: this.#error,
      connections: this.#connections,
      returns: this.#returns,
      body: this.#body,
      bytes: this.#bytes,
      hash: this.#hash,
      trailers: [],
      informational: this.#informational,
      detail: this.#details.join("; "),
    };
  }

  #toRequest(): TransportRequest {
    const spec = this.#spec;
    const headers: [string, string][] = [];
    if (spec.idempotencyKey) headers.push(["Idempotency-Key", "k"]);
    if (spec.close === "header") headers.push(["Connection", "close"]);
    const trace: Trace = {
      gotConn: ({ reused, wasIdle }) => this.#connections.push(wasIdle ? "idle" : reused ? "late" : "new"),
      putIdleConn: (refused) => this.#returns.push(refused ?? "kept"),
    };
    return {
      method: spec.method,
      url: this.#url,
      headers,
      body: typeof spec.body === "number" && spec.body >= 0 ? patternText(0, spec.body) : undefined,
      close: spec.close === "flag",
      signal: this.#abort.signal,
      trace,
    };
  }

  #note(error: unknown): string {
    this.#details.push(String(error));
    return classOf(error);
  }
}

/** Sorted "name: value" lines; `Headers` gives Set-Cookie's values one by one, and the others joined. */
function lines(headers: Headers): string[] {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) values.set(name, [...values.get(name) ?? [], value]);
  return [...values].map(([name, each]) => `${name}: ${each.join(", ")}`).sort();
}

import type { TransportRequest } from "../../lib/transport/request/prepared_request.ts";
import type { Response } from "../../lib/transport/response/response.ts";
import type { Trace } from "../../lib/transport/trace.ts";
import type { Transport } from "../../lib/transport/transport.ts";
import { classOf } from "./error_class.ts";
import { FedBody } from "./fed_body.ts";
import { patternText, type RequestSpec } from "./program.ts";
import { HASH_START, hashOn, type RequestReport } from "./report.ts";

/** One request of a program, and what its caller knows of it. */
export class SubjectRequest {
  readonly #transport: Transport;
  readonly #spec: RequestSpec;
  readonly #url: string;
  readonly #upload: FedBody | undefined;
  readonly #abort = new AbortController();
  readonly #connections: string[] = [];
  readonly #returns: string[] = [];
  readonly #informational: number[] = [];
  readonly #details: string[] = [];
  #response: Response | undefined = undefined;
  #tunnelClosed = false;
  #error = "";
  #body = "";
  #bytes = 0;
  #hash = HASH_START;

  constructor(transport: Transport, spec: RequestSpec, url: string) {
    this.#transport = transport;
    this.#spec = spec;
    this.#url = url;
    this.#upload = spec.body === "stream" ? new FedBody() : undefined;
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
    this.#tunnelClosed = this.#response !== undefined;
    this.#response?.body.close();
  }

  cancel(): void {
    this.#abort.abort();
  }

  feed(length: number): void {
    this.#upload?.feed(length);
  }

  finish(fail: boolean): void {
    this.#upload?.finish(fail);
  }

  /** Writes into an upgraded connection. */
  send(text: string, end: "no" | "fin"): void {
    const tunnel = this.#response?.tunnel;
    if (tunnel === undefined || this.#tunnelClosed) return;
    tunnel.write(new TextEncoder().encode(text)).catch(() => {}); // the server may have gone
    if (end === "fin") tunnel.end();
  }

  /** Gives up whatever is left of the request. */
  end(): void {
    this.#abort.abort();
    if (this.holdsTunnel) this.close();
  }

  /** The connection is upgraded and the caller's, who has not closed it. */
  get holdsTunnel(): boolean {
    return this.#response?.tunnel !== undefined && !this.#tunnelClosed;
  }

  report(): RequestReport {
    const response = this.#response;
    return {
      id: this.#spec.id,
      head: response === undefined ? null : {
        status: response.status,
        proto: response.proto,
        contentLength: response.contentLength,
        uncompressed: response.uncompressed,
        headers: lines(response.headers),
      },
      error: this.#error,
      connections: this.#connections,
      returns: this.#returns,
      body: this.#body,
      bytes: this.#bytes,
      hash: this.#hash,
      trailers: lines(response?.trailers ?? new Headers()),
      upload: this.#upload?.state ?? "",
      informational: this.#informational,
      detail: this.#details.join("; "),
    };
  }

  #toRequest(): TransportRequest {
    const spec = this.#spec;
    const headers: [string, string][] = [];
    if (spec.idempotencyKey) headers.push(["Idempotency-Key", "k"]);
    if (spec.close === "header") headers.push(["Connection", "close"]);
    if (spec.expectContinue) headers.push(["Expect", "100-continue"]);
    if (spec.upgrade) headers.push(["Connection", "Upgrade"], ["Upgrade", "echo"]);
    const trace: Trace = {
      gotConn: ({ reused, wasIdle }) => this.#connections.push(wasIdle ? "idle" : reused ? "late" : "new"),
      putIdleConn: (refused) => this.#returns.push(refused ?? "kept"),
      ...(spec.watches1xx ? { got1xxResponse: (status: number) => this.#informational.push(status) } : {}),
    };
    return {
      method: spec.method,
      url: this.#url,
      headers,
      body: this.#upload ?? (spec.body === "stream" || spec.body < 0 ? undefined : patternText(0, spec.body)),
      contentLength: spec.declared < 0 ? undefined : spec.declared,
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

// A response as a program has it. Its head is a snapshot of its own, decoded when asked for.

import type { TlsState } from "../../socket/tls.ts";
import type { ResponseBody } from "../body/response_body.ts";
import type { Tunnel } from "../body/tunnel.ts";
import type { Head } from "../head.ts";

/** What a response is made of. */
export interface ResponseParts {
  readonly head: Head;
  readonly body: ResponseBody;
  readonly url: string;
  readonly uncompressed: boolean;
  readonly tunnel: Tunnel | undefined;
  readonly tls: TlsState | undefined;
  trailers(): Headers | undefined;
}

/** A response, as `roundTrip()` gives it: the head has arrived, the body is the caller's to read or close. */
export class Response {
  readonly #parts: ResponseParts;
  #headers: Headers | undefined = undefined;

  /** @internal */
  constructor(parts: ResponseParts) {
    this.#parts = parts;
  }

  /** Read it to its end or close it: a body left alone holds its connection. After a 101 it is the connection itself. */
  get body(): ResponseBody {
    return this.#parts.body;
  }

  /** The request's URL. */
  get url(): string {
    return this.#parts.url;
  }

  get status(): number {
    return this.#parts.head.status;
  }

  /** The server's words beside the status, often "OK", sometimes "". */
  get statusText(): string {
    return this.#parts.head.reason();
  }

  /** As the server declared it, also for HEAD; -1: unknown, as of a body that was gunzipped. */
  get contentLength(): number {
    return this.uncompressed ? -1 : this.#parts.head.contentLength;
  }

  /** "HTTP/1.1", "HTTP/1.0", or what other minor version the server named. */
  get proto(): string {
    return this.#parts.head.proto;
  }

  /** The transport asked for gzip, got it and undid it; Content-Encoding and Content-Length are gone from `headers`. */
  get uncompressed(): boolean {
    return this.#parts.uncompressed;
  }

  /** Decoded at the first look. */
  get headers(): Headers {
    this.#headers ??= this.#decodeHeaders();
    return this.#headers;
  }

  /** The values of the header fields of this name, in the order of the wire: each by itself, which `headers` joins. */
  headerValues(name: string): string[] {
    return this.#parts.head.values(name);
  }

  /** The fields after a chunked body; undefined before its end was read, and where there were none. */
  get trailers(): Headers | undefined {
    return this.#parts.trailers();
  }

  /** After a 101 (Switching Protocols): the way to write; reading is `body`'s. It is the caller's to close. */
  get tunnel(): Tunnel | undefined {
    return this.#parts.tunnel;
  }

  /** Of the connection's handshake; undefined: it is not secured. */
  get tls(): TlsState | undefined {
    return this.#parts.tls;
  }

  /** Closes the body: `await using response = await transport.roundTrip(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.body.close();
    return Promise.resolve();
  }

  #decodeHeaders(): Headers {
    const headers = this.#parts.head.headers();
    if (this.uncompressed) {
      headers.delete("content-encoding");
      headers.delete("content-length");
    }
    return headers;
  }
}

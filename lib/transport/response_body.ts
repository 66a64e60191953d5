import { TransportError } from "./transport_error.ts";

/** What a body asks of its exchange. */
export interface BodySource {
  read(): void;
  close(): void;
}

type State =
  | { readonly kind: "open" }
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "closed" };

const OPEN: State = { kind: "open" };
const ENDED: State = { kind: "ended" };
const CLOSED: State = { kind: "closed" };

/**
 * The body of a response. Bytes come as they are asked for: one that nobody reads stays with the server, and holds its
 * connection until it is closed or cancelled. One reader at a time.
 */
export class ResponseBody implements AsyncIterable<Uint8Array> {
  readonly #source: BodySource;
  #state: State = OPEN;
  /** Arrived before anybody asked: the rest that a failing connection leaves behind. */
  readonly #early: Uint8Array[] = [];
  #pending: { resolve(chunk: Uint8Array | null): void; reject(error: unknown): void } | undefined = undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  /**
   * The next bytes, the caller's own; null: the end. Rejects with a `TransportError`: `readOnClosedBody` after
   * `close()`, `canceled` once the bytes at hand are read, the connection's error where it broke.
   */
  read(): Promise<Uint8Array | null> {
    if (this.#pending !== undefined) {
      return Promise.reject(
        new TransportError("concurrent read on response body", {
          code: "concurrentRead",
          side: "local",
          phase: "body",
        }),
      );
    }
    if (this.#state.kind === "closed") {
      return Promise.reject(
        new TransportError("read on closed response body", { code: "readOnClosedBody", side: "local", phase: "body" }),
      );
    }
    const early = this.#early.shift();
    if (early !== undefined) return Promise.resolve(early);
    if (this.#state.kind === "ended") return Promise.resolve(null);
    if (this.#state.kind === "failed") return Promise.reject(this.#state.error);
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#source.read();
    });
  }

  /** Everything, joined. */
  async bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (let chunk = await this.read(); chunk !== null; chunk = await this.read()) {
      chunks.push(chunk);
      length += chunk.length;
    }
    if (chunks.length === 1) return chunks[0]!;
    const joined = new Uint8Array(length);
    let offset = 0;
    for (const chunk of chunks) {
      joined.set(chunk, offset);
      offset += chunk.length;
    }
    return joined;
  }

  /** Everything, as UTF-8. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  /** Everything, parsed; rejects with a `SyntaxError` where it is no JSON. */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  /**
   * Gives the body up, at once and any number of times. The connection is drained and kept where little is left, or
   * closed. A read in progress gets the bytes already here, or `readOnClosedBody`.
   */
  close(): void {
    if (this.#state.kind === "closed") return;
    const open = this.#state.kind === "open";
    this.#state = CLOSED;
    this.#early.length = 0;
    if (open) this.#source.close();
    const pending = this.#takePending();
    pending?.reject(
      new TransportError("read on closed response body", { code: "readOnClosedBody", side: "local", phase: "body" }),
    );
  }

  /** Reads to the end; leaving the loop early closes the body. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let chunk = await this.read(); chunk !== null; chunk = await this.read()) yield chunk;
    } finally {
      this.close();
    }
  }

  // --- from the exchange

  /** Takes a chunk, which is the body's own from here on; true: the reader is served, hold the rest back. */
  push(chunk: Uint8Array): void {
    const pending = this.#takePending();
    if (pending !== undefined) pending.resolve(chunk);
    else if (this.#state.kind === "open") this.#early.push(chunk);
  }

  end(): void {
    if (this.#state.kind !== "open") return;
    this.#state = ENDED;
    this.#takePending()?.resolve(null);
  }

  fail(error: unknown): void {
    if (this.#state.kind !== "open") return;
    this.#state = { kind: "failed", error };
    this.#takePending()?.reject(error);
  }

  #takePending() {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}

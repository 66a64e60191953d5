// The body as a program reads it: whole, piece by piece, or given up.

import { concatBytes } from "../../core/bytes.ts";
import { type BodyReader, concurrentRead } from "./body_queue.ts";

/**
 * The body of a response. Bytes come as they are asked for: one that nobody reads stays with the server, and holds its
 * connection until it is closed or cancelled. One reader at a time.
 */
export class ResponseBody implements BodyReader, AsyncIterable<Uint8Array> {
  readonly #reader: BodyReader;
  #reading = false;

  /** @internal */
  constructor(reader: BodyReader) {
    this.#reader = reader;
  }

  /**
   * The next bytes, the caller's own; null: the end. Rejects with a `TransportError`: `readOnClosedBody` after
   * `close()`, `canceled` once the bytes at hand are read, `badGzip`, the connection's error where it broke.
   */
  async read(): Promise<Uint8Array | null> {
    if (this.#reading) throw concurrentRead();
    this.#reading = true;
    try {
      return await this.#reader.read();
    } finally {
      this.#reading = false; // also: while a read is pending, this object is not garbage
    }
  }

  /** Everything, joined. */
  async bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for (let chunk = await this.read(); chunk !== null; chunk = await this.read()) chunks.push(chunk);
    return chunks.length === 1 ? chunks[0]! : concatBytes(chunks);
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
   * closed. A read in progress gets the bytes that arrive within 50 ms, or `readOnClosedBody`; without `drainOnClose` it
   * fails at once.
   */
  close(): void {
    this.#reader.close();
  }

  /** Reads to the end; leaving the loop early closes the body. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let chunk = await this.read(); chunk !== null; chunk = await this.read()) yield chunk;
    } finally {
      this.close();
    }
  }
}

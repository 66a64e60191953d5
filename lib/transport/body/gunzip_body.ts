// gzip undone as a body is read, after Go's `gzipReader`. It takes from its source only what it is asked for.

import { createGunzip, type Gunzip } from "node:zlib";
import { TransportError } from "../transport_error.ts";
import { type BodyReader, readOnClosedBody } from "./body_queue.ts";

/** zlib's complaints about a member's first bytes, and about its last eight. */
const HEADER_COMPLAINT = /header|compression method|window size/;
const TRAILER_COMPLAINT = /data check|length check/;

/**
 * A gzip body undone as it is read (Go's `gzipReader`): nothing is taken from the source before the first read, and
 * then a chunk only when the decoder has used up the one before it. One reader at a time.
 *
 * The source is read to its own end before `read()` says null, so its connection is in the pool by then. Several gzip
 * members, one behind the other, are one body (RFC 1952 §2.2); so are none.
 */
export class GunzipSource implements BodyReader {
  readonly #source: BodyReader;
  #gunzip: Gunzip | undefined = undefined;
  #sourceBytes = 0;
  #sourceEnded = false;
  /** The decoder works on a chunk. */
  #busy = false;
  /** The decoder left bytes over: it takes zeros behind a member for padding. */
  #surplus = false;
  #ended = false;
  /** Once set, every read rejects with it. */
  #failure: { readonly error: unknown } | undefined = undefined;
  #wake: (() => void) | undefined = undefined;

  constructor(source: BodyReader) {
    this.#source = source;
  }

  /**
   * The next bytes, at most 64 KiB; null: the end. Rejects with a `TransportError` of phase `body`, `unexpectedEof` or
   * `badGzip`, with what the source rejected with, or with `readOnClosedBody` after `close()`.
   */
  async read(): Promise<Uint8Array | null> {
    const gunzip = this.#gunzip ??= this.#open();
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const bytes = gunzip.read() as Uint8Array | null;
      // A plain view: a Buffer would carry Node's own methods, `slice` above all, to the caller.
      if (bytes !== null) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
      if (this.#ended) return null;
      // For Go's gzip.Reader those zeros are a member with an invalid header.
      if (this.#surplus) this.#failDecoding(badGzip("gzip: invalid header"));
      else if (this.#busy || this.#sourceEnded) await new Promise<void>((resolve) => this.#wake = resolve);
      else await this.#feed(gunzip);
    }
  }

  /** Gives the body up: the decoder's memory is freed, the source closed. */
  close(): void {
    const open = this.#failure === undefined;
    this.#fail(readOnClosedBody());
    if (open) this.#source.close();
  }

  #open(): Gunzip {
    const gunzip = createGunzip();
    gunzip.on("readable", () => this.#notify());
    gunzip.on("end", () => {
      this.#ended = this.#sourceEnded;
      this.#notify();
    });
    gunzip.on("error", (error: NodeJS.ErrnoException) => this.#failDecoding(decodingError(error)));
    return gunzip;
  }

  async #feed(gunzip: Gunzip): Promise<void> {
    let chunk: Uint8Array | null;
    try {
      chunk = await this.#source.read();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#failure !== undefined) return;
    if (chunk !== null) {
      this.#sourceBytes += chunk.length;
      this.#busy = true;
      gunzip.write(chunk, () => {
        this.#busy = false;
        this.#surplus = gunzip.bytesWritten < this.#sourceBytes;
        this.#notify();
      });
    } else {
      this.#sourceEnded = true;
      // Not one byte is no member, which is a body for Go's gzip.Reader and a truncated one for zlib.
      if (this.#sourceBytes > 0) {
        gunzip.end();
      } else {
        this.#ended = true;
        gunzip.destroy();
      }
    }
  }

  #failDecoding(error: TransportError): void {
    if (this.#failure !== undefined) return;
    this.#fail(error);
    this.#source.close();
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#gunzip?.destroy();
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function decodingError(cause: NodeJS.ErrnoException): TransportError {
  if (cause.code === "Z_BUF_ERROR") {
    return new TransportError("unexpected EOF", { code: "unexpectedEof", side: "remote", phase: "body", cause });
  }
  if (HEADER_COMPLAINT.test(cause.message)) return badGzip("gzip: invalid header", cause);
  if (TRAILER_COMPLAINT.test(cause.message)) return badGzip("gzip: invalid checksum", cause);
  return badGzip("flate: corrupt input", cause);
}

function badGzip(message: string, cause?: unknown): TransportError {
  return new TransportError(message, { code: "badGzip", side: "remote", phase: "body", cause });
}

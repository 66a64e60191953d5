// The body of a request, and the pieces of one that is a stream: asked for one at a time, closed once.

import { TransportError } from "../transport_error.ts";

/** The body of a request. Pieces of a stream are copied as they come, and sent one by one. */
export type RequestBody = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Who asked for a piece. */
export interface PieceSink {
  onPiece(piece: Uint8Array): void;
  onPiecesEnd(): void;
  onPieceError(error: TransportError): void;
}

/** A streamed body as a caller gives it. */
export interface StreamedBody {
  readonly source: AsyncIterable<Uint8Array>;
  /** A fresh copy, for a second sending. */
  readonly getBody: (() => RequestBody | Promise<RequestBody>) | undefined;
  /** −1: unknown, and sent in chunks. */
  readonly length: number;
  /** The source was asked for a piece: to begin again takes a fresh copy. Owned by the uploads. */
  used: boolean;
}

const ENCODER = new TextEncoder();

/**
 * The pieces of one request's streamed body, asked for one at a time. The source is closed once, whatever happens: by
 * its own end, or by `stop`, also where nobody ever asked for a piece (Go: "RoundTrip must always close the body").
 */
export class Upload {
  readonly body: StreamedBody;
  #iterator: AsyncIterator<Uint8Array> | undefined = undefined;
  #stopped = false;
  /** Counts the sendings, so that what an earlier one asked for does not reach a later one. */
  #sending = 0;

  constructor(body: StreamedBody) {
    this.body = body;
  }

  /** Begins anew: the next piece is the first. */
  rewind(): void {
    this.#stopped = false;
    this.#sending += 1;
    this.#closeOpened();
  }

  /** Asks for the next piece; the answer comes later, unless `stop` comes first. */
  next(sink: PieceSink): void {
    const sending = this.#sending;
    const stale = () => this.#stopped || sending !== this.#sending;
    this.#pull(stale).then((result) => {
      if (stale()) return;
      if (result.done === true) {
        this.#iterator = undefined;
        sink.onPiecesEnd();
      } else if (result.value instanceof Uint8Array) sink.onPiece(result.value);
      else sink.onPieceError(bodyError(new TypeError("a piece of a request body is no Uint8Array")));
    }, (cause: unknown) => {
      if (stale()) return;
      this.#iterator = undefined; // a source that threw has closed itself
      sink.onPieceError(bodyError(cause));
    });
  }

  /** Closes the source, where that is still to be done. */
  stop(): void {
    this.#stopped = true;
    this.#closeOpened();
    if (this.body.used) return;
    this.body.used = true;
    closeUnread(this.body.source);
  }

  #closeOpened(): void {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    if (iterator !== undefined) close(iterator);
  }

  async #pull(stale: () => boolean): Promise<IteratorResult<Uint8Array>> {
    if (this.#iterator === undefined) {
      const opened = await open(this.body);
      if (stale()) {
        close(opened);
        return { done: true, value: undefined };
      }
      this.#iterator = opened;
    }
    return await this.#iterator.next();
  }
}

/** Closes a body that will not be sent. */
export function closeUnread(body: RequestBody | undefined): void {
  if (typeof body !== "object" || body === null || !(Symbol.asyncIterator in body)) return;
  try {
    close(body[Symbol.asyncIterator]());
  } catch {
    // no iterator, or a stream that is read elsewhere: the request has failed for another reason
  }
}

async function open(body: StreamedBody): Promise<AsyncIterator<Uint8Array>> {
  const source = body.used ? await fresh(body) : body.source;
  body.used = true;
  if (typeof source === "string") return once(ENCODER.encode(source));
  return source instanceof Uint8Array ? once(source) : source[Symbol.asyncIterator]();
}

async function fresh({ getBody }: StreamedBody): Promise<RequestBody> {
  if (getBody !== undefined) return await getBody();
  const text = "cannot rewind body after connection loss";
  throw new TransportError(text, { code: "cannotRewindBody", side: "local", phase: "write" });
}

/** Tells a source that no more is wanted of it; what it throws at that concerns nobody. */
async function close(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // also where it throws at once: its connection is being closed just now
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

function bodyError(cause: unknown): TransportError {
  if (cause instanceof TransportError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new TransportError(`request body: ${text}`, { code: "requestBody", side: "local", phase: "write", cause });
}

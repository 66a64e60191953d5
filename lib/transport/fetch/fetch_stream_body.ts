// A `ReadableStream` as a request's body.

import type { ReadableStreamDefaultReader, ReadableStreamReadResult } from "node:stream/web";

/** A stream as a request's body: read as it is sent, and cancelled where sending ends early, even before its start. */
export class StreamBody implements AsyncIterableIterator<Uint8Array> {
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  /** Read before; goes first. */
  readonly #chunks: Uint8Array[];
  /** Begun before; goes second. */
  #read: Promise<ReadableStreamReadResult<unknown>> | undefined;

  constructor(
    reader: ReadableStreamDefaultReader<unknown>,
    chunks: Uint8Array[] = [],
    read?: Promise<ReadableStreamReadResult<unknown>>,
  ) {
    this.#reader = reader;
    this.#chunks = chunks;
    this.#read = read;
    read?.catch(() => {}); // whoever asks for it hears of it; nobody may
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) return { done: false, value: chunk };
    const read = this.#read ?? this.#reader.read();
    this.#read = undefined;
    const { done, value } = await read;
    // the transport looks at what a piece is
    return done ? { done: true, value: undefined } : { done: false, value: value as Uint8Array };
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.cancel(undefined);
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Gives the rest up, any number of times. */
  cancel(reason: unknown): void {
    this.#chunks.length = 0;
    this.#reader.cancel(reason).catch(() => {}); // what a source throws at that concerns nobody
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/**
 * Buffers of one size, lent while a read is pending and no longer. A read into a lent buffer may land at any moment
 * between two callbacks, so that unlike with `onread` two pending reads can never share one.
 */
export class ReadBuffers {
  /** The size of each. */
  readonly bytes: number;
  readonly #keep: number;
  readonly #free: Uint8Array[] = [];

  /** Buffers of `bytes` each; of those returned at most `keep` wait for the next loan. */
  constructor(bytes: number, keep: number) {
    this.bytes = bytes;
    this.#keep = keep;
  }

  lend(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(this.bytes);
  }

  takeBack(buffer: Uint8Array): void {
    if (this.#free.length < this.#keep) this.#free.push(buffer);
  }
}

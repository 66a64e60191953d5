// Whether a text stands in a body, without keeping the body.

import { NO_BYTES } from "../../core/bytes.ts";

/** Looks for a text's bytes in a body that comes in chunks. It keeps one byte less than it looks for, however long the body. */
export class BodySearch {
  found = false;
  #wanted: Uint8Array = NO_BYTES;
  /** The end of what came, as long as it may be the beginning of what is wanted. */
  #tail: Uint8Array = NO_BYTES;
  #tailLength = 0;

  /** Begins anew. */
  begin(wanted: Uint8Array): void {
    this.found = false;
    this.#wanted = wanted;
    this.#tailLength = 0;
    if (this.#tail.length !== 2 * (wanted.length - 1)) this.#tail = new Uint8Array(2 * (wanted.length - 1));
  }

  /** The next bytes of the body; they are not kept. */
  add(chunk: Uint8Array): void {
    if (this.found) return;
    const most = this.#wanted.length - 1;
    // What begins in the tail ends at most this far into the chunk.
    const lent = Math.min(most, chunk.length);
    this.#tail.set(chunk.subarray(0, lent), this.#tailLength);
    const joined = this.#tailLength + lent;
    if (this.#has(this.#tail, joined) || this.#has(chunk, chunk.length)) {
      this.found = true;
      return;
    }
    if (chunk.length >= most) {
      this.#tail.set(chunk.subarray(chunk.length - most));
      this.#tailLength = most;
      return;
    }
    const kept = Math.min(most, joined);
    this.#tail.copyWithin(0, joined - kept, joined);
    this.#tailLength = kept;
  }

  #has(bytes: Uint8Array, length: number): boolean {
    const wanted = this.#wanted;
    const last = length - wanted.length;
    for (let at = bytes.indexOf(wanted[0]!); at !== -1 && at <= last; at = bytes.indexOf(wanted[0]!, at + 1)) {
      let matched = 1;
      while (matched < wanted.length && bytes[at + matched] === wanted[matched]) matched += 1;
      if (matched === wanted.length) return true;
    }
    return false;
  }
}

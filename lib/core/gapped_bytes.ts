// Bytes with gaps that text fills: what is constant is encoded once. It knows nothing of what the bytes say.

import { concatBytes, NO_BYTES } from "./bytes.ts";

/** A constant, or the number of the value that fills a gap; a value's text is one character per byte. */
export type GappedPart = Uint8Array | number;

/** How many bytes there are without what fills the gaps. */
export function constantLength(parts: readonly GappedPart[]): number {
  return parts.reduce<number>((sum, part) => sum + (typeof part === "number" ? 0 : part.length), 0);
}

/** Constant bytes with gaps between them, which text fills. */
export class GappedBytes {
  /** One more than gaps: a gap stands behind each but the last. */
  readonly #constants: Uint8Array[] = [];
  /** Which value goes into each gap. */
  readonly #gaps: number[] = [];
  readonly #constantBytes: number;

  constructor(parts: readonly GappedPart[]) {
    let constants: Uint8Array[] = [];
    for (const part of parts) {
      if (typeof part !== "number") {
        constants.push(part);
        continue;
      }
      this.#constants.push(joined(constants));
      this.#gaps.push(part);
      constants = [];
    }
    this.#constants.push(joined(constants));
    this.#constantBytes = constantLength(parts);
  }

  /** The bytes with every gap filled: nobody else's, unless there is no gap. */
  fill(values: readonly string[]): Uint8Array {
    if (this.#gaps.length === 0) return this.#constants[0]!;
    let length = this.#constantBytes;
    for (let i = 0; i < this.#gaps.length; i++) length += values[this.#gaps[i]!]!.length;
    const bytes = takeBytes(length);
    let at = 0;
    for (let i = 0; i < this.#constants.length; i++) {
      const constant = this.#constants[i]!;
      bytes.set(constant, at);
      at += constant.length;
      if (i === this.#gaps.length) break;
      const value = values[this.#gaps[i]!]!;
      for (let j = 0; j < value.length; j++) bytes[at + j] = value.charCodeAt(j);
      at += value.length;
    }
    return bytes;
  }
}

/** A single part is not copied. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : concatBytes(parts);
}

/** Filled bytes are cut from slabs: a view of one costs a fraction of an array of its own. */
const SLAB_BYTES = 64 * 1024;

let slab = NO_BYTES;
let taken = 0;

/** Bytes that nobody else has: they may wait in a socket's queue, or be sent again, long after the next are filled. */
function takeBytes(length: number): Uint8Array {
  if (length > SLAB_BYTES / 8) return new Uint8Array(length);
  if (taken + length > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    taken = 0;
  }
  const bytes = slab.subarray(taken, taken + length);
  taken += length;
  return bytes;
}

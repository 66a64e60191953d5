// The bytes of a connection that are here and not read yet: a view lent by the socket, or a copy of what was left of it.
// It knows nothing of HTTP.

import { copyBytes, NO_BYTES } from "../core/bytes.ts";

/** What `bytes` is, where it is not an own copy of so many bytes. */
const LENT = -1;
const PIECE = 0;

/** Leftovers up to this length lie side by side: an array of its own takes 250 to 600 bytes more than it holds. */
const MAX_PIECE_BYTES = 256;
/** As much as a leftover may keep alive. */
const SLAB_BYTES = 4096;

/** For the leftovers of all connections of a thread: each is written once, behind the last one. */
let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;

/**
 * The received bytes that are not yet read. In the common case a lent view, read to its end before its owner takes it
 * back: nothing is copied, and nothing is held in between. What is left over is copied once, by `retain`; a view lent
 * after that is joined behind it.
 */
export class ReceiveBuffer {
  /** Unread are bytes[pos, end). */
  bytes = NO_BYTES;
  pos = 0;
  end = 0;
  /** How long `bytes` is where it is our own copy, with room to grow behind `end`; else LENT, or PIECE: of the slab. */
  #own = PIECE;

  get unread(): number {
    return this.end - this.pos;
  }

  lend(view: Uint8Array): void {
    if (this.pos === this.end) {
      this.#hold(view, 0, view.length, LENT);
    } else if (view.length > 0) {
      if (this.#own <= 0 || this.end + view.length > this.#own) this.#makeRoom(view.length);
      this.bytes.set(view, this.end);
      this.end += view.length;
    }
  }

  /** Copies what is unread out of a lent view; where all is read, lets go of every buffer. */
  retain(): void {
    const { unread } = this;
    if (unread === 0) {
      this.#letGo();
    } else if (this.#own === LENT) {
      if (unread <= MAX_PIECE_BYTES) this.#holdPiece(unread);
      else this.#hold(copyBytes(this.bytes, this.pos, this.end), 0, unread, unread);
    }
  }

  /** Gives what is unread away, as an own copy. */
  take(): Uint8Array {
    const taken = copyBytes(this.bytes, this.pos, this.end);
    this.#letGo();
    return taken;
  }

  #letGo(): void {
    this.#hold(NO_BYTES, 0, 0, PIECE);
  }

  #hold(bytes: Uint8Array, pos: number, end: number, own: number): void {
    this.bytes = bytes;
    this.pos = pos;
    this.end = end;
    this.#own = own;
  }

  #holdPiece(length: number): void {
    if (slabUsed + length > SLAB_BYTES) {
      slab = new Uint8Array(SLAB_BYTES);
      slabUsed = 0;
    }
    for (let i = 0; i < length; i++) slab[slabUsed + i] = this.bytes[this.pos + i]!;
    slabUsed += length;
    this.#hold(slab, slabUsed - length, slabUsed, PIECE);
  }

  /** Room doubles, so that joining byte by byte copies each byte a constant number of times. */
  #makeRoom(more: number): void {
    const { unread } = this;
    const needed = unread + more;
    // Reusing the space before `pos` pays only if it is at least as large as what has to move.
    const target = needed <= this.#own && unread <= this.pos
      ? this.bytes
      : new Uint8Array(Math.max(needed, 2 * unread));
    target.set(this.bytes.subarray(this.pos, this.end));
    this.#hold(target, 0, unread, target.length);
  }
}

import { copyBytes, NO_BYTES } from "../core/bytes.ts";

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
  /** `bytes` is our own copy, with room to grow behind `end`. */
  #owned = false;

  get unread(): number {
    return this.end - this.pos;
  }

  lend(view: Uint8Array): void {
    if (this.pos === this.end) {
      this.bytes = view;
      this.pos = 0;
      this.end = view.length;
      this.#owned = false;
    } else if (view.length > 0) {
      this.retain();
      this.#append(view);
    }
  }

  /** Copies what is unread out of a lent view; where all is read, lets go of every buffer. */
  retain(): void {
    if (this.pos === this.end) {
      this.#hold(NO_BYTES, 0, false);
    } else if (!this.#owned) {
      this.#hold(copyBytes(this.bytes, this.pos, this.end), this.unread, true);
    }
  }

  /** Gives what is unread away, as an own copy. */
  take(): Uint8Array {
    const taken = copyBytes(this.bytes, this.pos, this.end);
    this.#hold(NO_BYTES, 0, false);
    return taken;
  }

  #hold(bytes: Uint8Array, length: number, owned: boolean): void {
    this.bytes = bytes;
    this.pos = 0;
    this.end = length;
    this.#owned = owned;
  }

  /** Room doubles, so that joining byte by byte copies each byte a constant number of times. */
  #append(view: Uint8Array): void {
    const unread = this.unread;
    const needed = unread + view.length;
    if (this.end + view.length > this.bytes.length) {
      // Reusing the space before `pos` pays only if it is at least as large as what has to move.
      const target = needed <= this.bytes.length && unread <= this.pos
        ? this.bytes
        : new Uint8Array(Math.max(needed, 2 * unread));
      target.set(this.bytes.subarray(this.pos, this.end));
      this.#hold(target, unread, true);
    }
    this.bytes.set(view, this.end);
    this.end += view.length;
  }
}

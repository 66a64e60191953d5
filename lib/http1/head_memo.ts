import type { ResponseHead } from "./response_head.ts";

/** Heads longer than this are read each time. */
const MAX_BYTES = 1024;

/**
 * The last head that was read, and what it said. A server under load answers with the same head over and over, but for
 * its Date once a second: the same bytes say the same, and to compare them costs a third of reading them. One serves all
 * connections of a thread. Not for answers to HEAD, whose framing is another.
 */
export class HeadMemo {
  readonly #bytes = new Uint8Array(MAX_BYTES);
  readonly #words = new Int32Array(this.#bytes.buffer);
  /** The last view, and its words once it came twice: an adapter with one buffer lends the same view of it again. */
  #view: Uint8Array | undefined = undefined;
  #viewWords: Int32Array | undefined = undefined;
  #length = 0;
  #status = 0;
  #protoMinor: 0 | 1 = 1;
  #contentLength = -1;
  #chunked = false;
  #untilClose = false;
  #hasBody = false;
  #close = false;

  /** The length of the head at bytes[start], which `head` then has the numbers of; 0: another one, or not all of it in bytes[start, end). */
  recall(bytes: Uint8Array, start: number, end: number, head: ResponseHead): number {
    const length = this.#length;
    if (end - start < length) return 0;
    const words = start === 0 ? this.#wordsOf(bytes) : undefined;
    let same = 0;
    if (words !== undefined) {
      const known = this.#words;
      const whole = length >> 2;
      for (let i = 0; i < whole; i++) {
        if (words[i] !== known[i]) return 0;
      }
      same = whole << 2;
    }
    const known = this.#bytes;
    for (let i = same; i < length; i++) {
      if (bytes[start + i] !== known[i]) return 0;
    }
    head.status = this.#status;
    head.protoMinor = this.#protoMinor;
    head.contentLength = this.#contentLength;
    head.chunked = this.#chunked;
    head.untilClose = this.#untilClose;
    head.hasBody = this.#hasBody;
    head.close = this.#close;
    return length;
  }

  /** Four bytes at a time, where the view is one that comes again. Of others `buffer` is not asked: in Bun that makes it. */
  #wordsOf(view: Uint8Array): Int32Array | undefined {
    if (view === this.#view && view.byteOffset % 4 === 0) {
      return this.#viewWords ??= new Int32Array(view.buffer, view.byteOffset, view.length >> 2);
    }
    this.#view = view;
    this.#viewWords = undefined;
    return undefined;
  }

  /** Takes in the head in bytes[start, start + length), which `head` has the numbers of. */
  learn(bytes: Uint8Array, start: number, length: number, head: ResponseHead): void {
    if (length > MAX_BYTES) return;
    const known = this.#bytes;
    for (let i = 0; i < length; i++) known[i] = bytes[start + i]!;
    this.#length = length;
    this.#status = head.status;
    this.#protoMinor = head.protoMinor;
    this.#contentLength = head.contentLength;
    this.#chunked = head.chunked;
    this.#untilClose = head.untilClose;
    this.#hasBody = head.hasBody;
    this.#close = head.close;
  }
}

// A short cut around the parser for a head that came just before. What it answers is what the parser said then.

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
  /** The same as words that begin at byte 0, 1, 2 and 3, for a head at any place of a view; those of `#current`. */
  readonly #words = [0, 1, 2, 3].map(() => new Int32Array(MAX_BYTES / 4));
  /** One bit for each of the words that are those of the last head learnt. */
  #current = 0;
  /** The last view, and its words once it came twice: as an adapter's one buffer, or with a second head in it. */
  #view: Uint8Array | undefined = undefined;
  #viewWords: Int32Array | undefined = undefined;
  #length = 0;
  #status = 0;
  #protoMinor = 1;
  #contentLength = -1;
  #chunked = false;
  #untilClose = false;
  #hasBody = false;
  #close = false;
  #fieldCount = 0;

  /** The length of the head at bytes[start], which `head` then has the numbers of; 0: another one, or not all of it in bytes[start, end). */
  recall(bytes: Uint8Array, start: number, end: number, head: ResponseHead): number {
    const length = this.#length;
    if (end - start < length) return 0;
    const words = this.#wordsOf(bytes);
    const known = this.#bytes;
    let same = 0;
    if (words !== undefined) {
      const ahead = -start & 3;
      for (; same < ahead; same++) {
        if (bytes[start + same] !== known[same]) return 0;
      }
      const knownWords = this.#wordsFrom(ahead);
      const first = (start + ahead) >> 2;
      const whole = (length - ahead) >> 2;
      for (let i = 0; i < whole; i++) {
        if (words[first + i] !== knownWords[i]) return 0;
      }
      same += whole << 2;
    }
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
    head.fieldCount = this.#fieldCount;
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

  /** The known head's words from this byte on. */
  #wordsFrom(ahead: number): Int32Array {
    const words = this.#words[ahead]!;
    if ((this.#current & (1 << ahead)) === 0) {
      this.#current |= 1 << ahead;
      new Uint8Array(words.buffer).set(this.#bytes.subarray(ahead, this.#length));
    }
    return words;
  }

  /** Takes in the head in bytes[start, start + length), which `head` has the numbers of. */
  learn(bytes: Uint8Array, start: number, length: number, head: ResponseHead): void {
    if (length > MAX_BYTES) return;
    const known = this.#bytes;
    for (let i = 0; i < length; i++) known[i] = bytes[start + i]!;
    this.#length = length;
    this.#current = 0;
    this.#status = head.status;
    this.#protoMinor = head.protoMinor;
    this.#contentLength = head.contentLength;
    this.#chunked = head.chunked;
    this.#untilClose = head.untilClose;
    this.#hasBody = head.hasBody;
    this.#close = head.close;
    this.#fieldCount = head.fieldCount;
  }
}

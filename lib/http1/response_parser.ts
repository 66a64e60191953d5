// Reads HTTP/1 responses from bytes that somebody else receives: no socket, no timer, no promise in here.
//
// The rules:
//   - `begin` says that a response is due, `receive` and `receiveEof` bring what came, `next` gives one event at a time.
//   - The events of one response: INFORMATIONAL*, HEAD, DATA*, END. Where more bytes are needed, NEED_DATA.
//   - How the bytes were cut into views changes nothing but the cuts between DATA events.
//   - Nothing is read past END: what is left belongs to nobody (`buffered`) until the next `begin`.
//   - The first error is the last event: the parser is dead and throws it again.
//
// The states, and what leads out of each:
//
//   idle  begin → head
//   head  1xx but 101 → head · every other head → body
//   body  END → idle; its own states are in body_reader.ts

import { BodyReader } from "./body_reader.ts";
import type { TrailerSection } from "./field_section.ts";
import { HeadMemo } from "./head_memo.ts";
import { END, HEAD, INFORMATIONAL, NEED_DATA } from "./parser_event.ts";
import { ProtocolError } from "./protocol_error.ts";
import { ReceiveBuffer } from "./receive_buffer.ts";
import { ResponseHead } from "./response_head.ts";
import { SectionParser } from "./section_parser.ts";

export { DATA, END, HEAD, INFORMATIONAL, NEED_DATA } from "./parser_event.ts";

const IDLE = 0;
const IN_HEAD = 1;
const IN_BODY = 2;

/** The thread's, for its parsers read one head at a time. */
const memo = new HeadMemo();

export interface ParserLimits {
  /** Bytes of a response's head, counted together with the 1xx heads before it. 10 MiB unless said otherwise. */
  readonly maxHeadBytes: number;
  /** Fields of a head; of a 1xx head as many again. 5,000 unless said otherwise. */
  readonly maxHeadFields: number;
}

/** Go's default for Transport.MaxResponseHeaderBytes. */
export const DEFAULT_MAX_HEAD_BYTES: number = 10 * 1024 * 1024;

/** curl's MAX_HTTP_RESP_HEADER_COUNT. Go has no such limit; but to make a `Headers` takes a time that grows with the square. */
export const DEFAULT_MAX_HEAD_FIELDS = 5_000;

/**
 * One connection's responses, one after the other. Bytes in, events out; see the rules above.
 *
 * ```ts
 * parser.begin(false);
 * parser.receive(view);
 * for (let event = parser.next(); event !== NEED_DATA; event = parser.next()) { … }
 * parser.retain(); // before the view is overwritten
 * ```
 */
export class ResponseParser {
  /** One object for all responses: see ResponseHead for how long it holds. */
  readonly head: ResponseHead;
  readonly #buffer: ReceiveBuffer;
  readonly #body: BodyReader;
  readonly #maxHeadBytes: number;
  readonly #maxHeadFields: number;
  #state = IDLE;
  #answersHead = false;
  #started = false;
  #eof = false;
  /** What 1xx heads of this response took of the limit. */
  #headBytes = 0;
  /** Keeps its place in a head of which only a part is here. */
  #partial: SectionParser | null = null;
  #failure: unknown = undefined;

  constructor(limits?: Partial<ParserLimits>) {
    this.head = new ResponseHead();
    this.#buffer = new ReceiveBuffer();
    this.#body = new BodyReader();
    this.#maxHeadBytes = limits?.maxHeadBytes ?? DEFAULT_MAX_HEAD_BYTES;
    this.#maxHeadFields = limits?.maxHeadFields ?? DEFAULT_MAX_HEAD_FIELDS;
  }

  /** At DATA: how many body bytes. */
  get dataLength(): number {
    return this.#body.dataLength;
  }

  /** Received bytes that no event has given yet; after END, the unsolicited ones of a response nobody asked for. */
  get buffered(): number {
    return this.#buffer.unread;
  }

  /** Any byte of this response was seen. */
  get started(): boolean {
    return this.#started;
  }

  /** After END: the fields after the last chunk, or null where there are none. */
  get trailers(): TrailerSection | null {
    return this.#body.trailers;
  }

  /** A new response is expected; one to a HEAD request has no body. Bytes that are buffered are its first. */
  begin(answersHead: boolean): void {
    this.#state = IN_HEAD;
    this.#answersHead = answersHead;
    this.#started = this.#buffer.unread > 0;
    this.#headBytes = 0;
    this.#partial = null;
    this.#body.trailers = null;
  }

  /** 1xx heads seen so far no longer count against `maxHeadBytes`: somebody has looked at them. */
  forgiveInformational(): void {
    this.#headBytes = 0;
  }

  /** Lends bytes, which must stay as they are until `retain`. */
  receive(view: Uint8Array): void {
    if (view.length === 0) return;
    this.#started = true;
    this.#buffer.lend(view);
  }

  /** The peer's FIN: nothing follows what was received. */
  receiveEof(): void {
    this.#eof = true;
  }

  /** After DATA: whether the body ends here, END being the next event; bytes that are missing to tell so make it false. */
  atEnd(): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#body.skipToEnd(this.#buffer);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** Copies what is unread out of the lent view and lets go of it: of `head` the numbers stay, and `data()` is over. */
  retain(): void {
    this.#buffer.retain();
    this.head.release();
    this.#body.dataLength = 0;
  }

  /** At DATA: the body bytes, as a view that holds until `next`, `receive` or `retain`. */
  data(): Uint8Array {
    const bytes = this.#buffer.bytes;
    const length = this.#body.dataLength;
    if (length === bytes.length) return bytes;
    const start = this.#body.dataStart;
    return bytes.subarray(start, start + length);
  }

  /** Takes all unread bytes out, as an own copy: what follows a 101 is no longer HTTP/1. */
  takeBuffered(): Uint8Array {
    return this.#buffer.take();
  }

  /**
   * The next event. After HEAD the caller may stop calling: the body's bytes stay unread.
   * Throws ProtocolError, and from then on the same error again.
   */
  next(): number {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      switch (this.#state) {
        case IN_HEAD:
          return this.#readHead();
        case IN_BODY:
          return this.#readBody();
        default:
          return NEED_DATA;
      }
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  #readHead(): number {
    const buffer = this.#buffer;
    const head = this.head;
    if (this.#partial === null && buffer.unread === 0) return this.#needHead();
    const allowed = this.#maxHeadBytes - this.#headBytes;
    const bound = Math.min(buffer.end, buffer.pos + allowed);
    let length = this.#partial !== null || this.#answersHead ? 0 : memo.recall(buffer.bytes, buffer.pos, bound, head);
    // with more than is allowed it is known from another connection, and is refused as it is read
    if (length === 0 || head.fieldCount > this.#maxHeadFields) {
      length = this.#lexHead(bound);
      if (length < 0) {
        if (buffer.unread > allowed) throw this.#headTooLarge();
        return this.#needHead();
      }
    }
    head.lend(buffer.bytes, buffer.pos, buffer.pos + length);
    buffer.pos += length;
    if (head.status >= 100 && head.status < 200 && head.status !== 101) {
      this.#headBytes += length;
      return INFORMATIONAL;
    }
    this.#body.begin(head);
    this.#state = IN_BODY;
    return HEAD;
  }

  /** The length of the head, or −1 where more bytes are needed. */
  #lexHead(bound: number): number {
    const { bytes, pos } = this.#buffer;
    const head = this.head;
    let parser = this.#partial;
    if (parser === null) {
      parser = SectionParser.shared();
      parser.startHead(head, this.#maxHeadFields);
    }
    const length = parser.readHead(bytes, pos, bound, head, this.#answersHead);
    if (length < 0) {
      if (this.#eof) parser.judgePartialHead(bytes, pos, this.#buffer.end, head);
      this.#partial = parser.keep();
      return -1;
    }
    this.#partial = null;
    if (!this.#answersHead) memo.learn(bytes, pos, length, head);
    return length;
  }

  #readBody(): number {
    const event = this.#body.read(this.#buffer, this.#eof);
    if (event === END) this.#state = IDLE;
    return event;
  }

  #needHead(): number {
    if (!this.#eof) return NEED_DATA;
    throw new ProtocolError("unexpectedEof", "remote", "unexpected EOF");
  }

  #headTooLarge(): ProtocolError {
    const text = `server response headers exceeded ${this.#maxHeadBytes} bytes; aborted`;
    return new ProtocolError("headTooLarge", "remote", text);
  }
}

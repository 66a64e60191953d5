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
//   idle        begin → head
//   head        1xx but 101 → head · no body → complete · by framing → length, chunkLine, untilClose
//   length      all bytes given → complete
//   untilClose  FIN → complete
//   chunkLine   size > 0 → chunkData · size 0 → trailer
//   chunkData   all bytes given → chunkEnd
//   chunkEnd    CRLF → chunkLine
//   trailer     empty line → complete
//   complete    END → idle

import { chunkLineLength, chunkOverhead, chunkSize, malformedChunk } from "./chunk_line.ts";
import { CR, LF } from "./byte_class.ts";
import { Trailers } from "./field_section.ts";
import { ProtocolError } from "./protocol_error.ts";
import { ReceiveBuffer } from "./receive_buffer.ts";
import { ResponseHead } from "./response_head.ts";
import { SectionParser } from "./section_parser.ts";

/** No event before more is received. */
export const NEED_DATA = 0;
/** A 1xx response other than 101: `head` describes it, and the response proper is still to come. */
export const INFORMATIONAL = 1;
/** The response's head. */
export const HEAD = 2;
/** Body bytes: `dataLength` of them, `data()`. */
export const DATA = 3;
/** The response is complete. */
export const END = 4;

const IDLE = 0;
const IN_HEAD = 1;
const IN_LENGTH = 2;
const UNTIL_CLOSE = 3;
const CHUNK_LINE = 4;
const CHUNK_DATA = 5;
const CHUNK_END = 6;
const IN_TRAILER = 7;
const COMPLETE = 8;

export interface ParserLimits {
  /** Bytes of a response's head, counted together with the 1xx heads before it. 10 MiB unless said otherwise. */
  readonly maxHeadBytes: number;
}

/** Go's default for Transport.MaxResponseHeaderBytes. */
export const DEFAULT_MAX_HEAD_BYTES: number = 10 * 1024 * 1024;

/** Bytes of a trailer section, its empty line included: Go bounds it by its read buffer, 4 KiB. */
const MAX_TRAILER_BYTES = 4096;

/** For heads and trailers that come in one piece, which is nearly all: one is enough for every connection. */
let shared = new SectionParser();

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
  readonly #maxHeadBytes: number;
  #state = IDLE;
  #answersHead = false;
  #started = false;
  #eof = false;
  /** What 1xx heads of this response took of the limit. */
  #headBytes = 0;
  /** Body bytes that the Content-Length or the chunk still owes. */
  #remaining = 0;
  #chunkOverhead = 0;
  #dataStart = 0;
  #dataLength = 0;
  /** Keeps its place in a head or trailer of which only a part is here; else null, and `shared` does the work. */
  #partial: SectionParser | null = null;
  #trailers: Trailers | null = null;
  #failure: unknown = undefined;

  constructor(limits?: Partial<ParserLimits>) {
    this.head = new ResponseHead();
    this.#buffer = new ReceiveBuffer();
    this.#maxHeadBytes = limits?.maxHeadBytes ?? DEFAULT_MAX_HEAD_BYTES;
  }

  /** At DATA: how many body bytes. */
  get dataLength(): number {
    return this.#dataLength;
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
  get trailers(): Trailers | null {
    return this.#trailers;
  }

  /** A new response is expected; one to a HEAD request has no body. Bytes that are buffered are its first. */
  begin(answersHead: boolean): void {
    this.#state = IN_HEAD;
    this.#answersHead = answersHead;
    this.#started = this.#buffer.unread > 0;
    this.#headBytes = 0;
    this.#partial = null;
    this.#trailers = null;
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

  /** Copies what is unread out of the lent view and lets go of it: of `head` the numbers stay, and `data()` is over. */
  retain(): void {
    this.#buffer.retain();
    this.head.release();
    this.#dataLength = 0;
  }

  /** At DATA: the body bytes, as a view that holds until `next`, `receive` or `retain`. */
  data(): Uint8Array {
    const bytes = this.#buffer.bytes;
    if (this.#dataLength === bytes.length) return bytes;
    return bytes.subarray(this.#dataStart, this.#dataStart + this.#dataLength);
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
      return this.#advance();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  #advance(): number {
    for (;;) {
      switch (this.#state) {
        case IDLE:
          return NEED_DATA;
        case IN_HEAD:
          return this.#readHead();
        case IN_LENGTH:
          if (this.#buffer.unread === 0) return this.#needData();
          return this.#giveData(COMPLETE);
        case UNTIL_CLOSE:
          if (this.#buffer.unread > 0) return this.#giveAll();
          if (!this.#eof) return NEED_DATA;
          this.#state = COMPLETE;
          break;
        case CHUNK_LINE:
          if (!this.#readChunkLine()) return this.#needData();
          break;
        case CHUNK_DATA:
          if (this.#buffer.unread === 0) return this.#needData();
          return this.#giveData(CHUNK_END);
        case CHUNK_END:
          if (!this.#readChunkEnd()) return this.#needData();
          break;
        case IN_TRAILER:
          if (!this.#readTrailer()) return this.#needData();
          break;
        case COMPLETE:
          this.#state = IDLE;
          return END;
      }
    }
  }

  #readHead(): number {
    const buffer = this.#buffer;
    const head = this.head;
    if (buffer.unread === 0) return this.#needData();
    let parser = this.#partial;
    if (parser === null) {
      parser = shared;
      parser.startHead(head);
    }
    const allowed = this.#maxHeadBytes - this.#headBytes;
    const bound = Math.min(buffer.end, buffer.pos + allowed);
    const length = parser.readHead(buffer.bytes, buffer.pos, bound, head, this.#answersHead);
    if (length < 0) {
      if (buffer.unread > allowed) throw this.#headTooLarge();
      if (this.#eof) parser.judgePartialHead(buffer.bytes, buffer.pos, buffer.end, head);
      this.#keep(parser);
      return this.#needData();
    }
    this.#partial = null;
    head.lend(buffer.bytes, buffer.pos, buffer.pos + length);
    buffer.pos += length;
    if (head.status >= 100 && head.status < 200 && head.status !== 101) {
      this.#headBytes += length;
      return INFORMATIONAL;
    }
    this.#beginBody(head);
    return HEAD;
  }

  #beginBody(head: ResponseHead): void {
    if (!head.hasBody) {
      this.#state = COMPLETE;
    } else if (head.chunked) {
      this.#chunkOverhead = 0;
      this.#state = CHUNK_LINE;
    } else if (head.untilClose) {
      this.#state = UNTIL_CLOSE;
    } else {
      this.#remaining = head.contentLength;
      this.#state = IN_LENGTH;
    }
  }

  #giveData(after: number): number {
    const buffer = this.#buffer;
    const length = Math.min(this.#remaining, buffer.unread);
    this.#dataStart = buffer.pos;
    this.#dataLength = length;
    buffer.pos += length;
    this.#remaining -= length;
    if (this.#remaining === 0) this.#state = after;
    return DATA;
  }

  #giveAll(): number {
    this.#remaining = this.#buffer.unread + 1;
    return this.#giveData(UNTIL_CLOSE);
  }

  #readChunkLine(): boolean {
    const buffer = this.#buffer;
    const start = buffer.pos;
    const length = chunkLineLength(buffer.bytes, start, buffer.end);
    if (length === 0) return false;
    const size = chunkSize(buffer.bytes, start, start + length - 2);
    this.#chunkOverhead = chunkOverhead(this.#chunkOverhead, length, size);
    buffer.pos = start + length;
    this.#remaining = size;
    this.#state = size > 0 ? CHUNK_DATA : IN_TRAILER;
    return true;
  }

  #readChunkEnd(): boolean {
    const buffer = this.#buffer;
    if (buffer.unread < 2) return false;
    if (buffer.bytes[buffer.pos] !== CR || buffer.bytes[buffer.pos + 1] !== LF) {
      throw malformedChunk("malformed chunked encoding");
    }
    buffer.pos += 2;
    this.#state = CHUNK_LINE;
    return true;
  }

  #readTrailer(): boolean {
    const buffer = this.#buffer;
    if (buffer.unread === 0) return false;
    let parser = this.#partial;
    if (parser === null) {
      parser = shared;
      parser.startTrailer();
    }
    const bound = Math.min(buffer.end, buffer.pos + MAX_TRAILER_BYTES);
    const length = parser.readTrailer(buffer.bytes, buffer.pos, bound);
    if (length < 0) {
      if (buffer.unread > MAX_TRAILER_BYTES) {
        throw new ProtocolError("trailerTooLarge", "remote", "suspiciously long trailer after chunked body");
      }
      this.#keep(parser);
      return false;
    }
    this.#partial = null;
    if (length > 2) this.#trailers = new Trailers(buffer.bytes, buffer.pos, buffer.pos + length);
    buffer.pos += length;
    this.#state = COMPLETE;
    return true;
  }

  /** A section that is not all here keeps the parser that it began with; the others get a new one to share. */
  #keep(parser: SectionParser): void {
    if (this.#partial === parser) return;
    this.#partial = parser;
    shared = new SectionParser();
  }

  /** Every state but untilClose and idle owes more bytes: to end there is to break off. */
  #needData(): number {
    if (!this.#eof) return NEED_DATA;
    const where = this.#state === IN_TRAILER ? "unexpected EOF reading trailer" : "unexpected EOF";
    throw new ProtocolError("unexpectedEof", "remote", where);
  }

  #headTooLarge(): ProtocolError {
    const text = `server response headers exceeded ${this.#maxHeadBytes} bytes; aborted`;
    return new ProtocolError("headTooLarge", "remote", text);
  }
}

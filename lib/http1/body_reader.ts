// Reads a response's body by the framing that its head has settled (RFC 9112 §6.3, §7.1).
//
// The states, and what leads out of each:
//
//   length      all bytes given → complete
//   untilClose  FIN → complete
//   chunkLine   size > 0 → chunkData · size 0 → trailer
//   chunkData   all bytes given → chunkEnd
//   chunkEnd    CRLF → chunkLine
//   trailer     empty line → complete
//   complete    gives END
//
// FIN in any other state than untilClose and complete is a response broken off.

import { CR, LF } from "./byte_class.ts";
import { chunkLineLength, chunkOverhead, chunkSize, malformedChunk } from "./chunk_line.ts";
import { TrailerSection } from "./field_section.ts";
import { DATA, END, NEED_DATA } from "./parser_event.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { ReceiveBuffer } from "./receive_buffer.ts";
import type { ResponseHead } from "./response_head.ts";
import { SectionParser } from "./section_parser.ts";

const IN_LENGTH = 0;
const UNTIL_CLOSE = 1;
const CHUNK_LINE = 2;
const CHUNK_DATA = 3;
const CHUNK_END = 4;
const IN_TRAILER = 5;
const COMPLETE = 6;

/** Bytes of a trailer section, its empty line included: Go bounds it by its read buffer, 4 KiB. */
const MAX_TRAILER_BYTES = 4096;

export class BodyReader {
  /** After DATA: where in the buffer the bytes begin, and how many they are. */
  dataStart = 0;
  dataLength = 0;
  /** After END: the fields after the last chunk. */
  trailers: TrailerSection | null = null;
  #state = COMPLETE;
  /** Bytes that the Content-Length or the chunk still owes. */
  #remaining = 0;
  #overhead = 0;
  /** Keeps its place in a trailer of which only a part is here. */
  #partial: SectionParser | null = null;

  begin(head: ResponseHead): void {
    this.#partial = null;
    if (!head.hasBody) {
      this.#state = COMPLETE;
    } else if (head.chunked) {
      this.#overhead = 0;
      this.#state = CHUNK_LINE;
    } else if (head.untilClose) {
      this.#state = UNTIL_CLOSE;
    } else {
      this.#remaining = head.contentLength;
      this.#state = IN_LENGTH;
    }
  }

  /** DATA, END or NEED_DATA. `eof`: nothing follows what is in the buffer. */
  read(buffer: ReceiveBuffer, eof: boolean): number {
    for (;;) {
      switch (this.#state) {
        case IN_LENGTH:
          if (buffer.unread === 0) return this.#needData(eof);
          return this.#giveOwed(buffer, COMPLETE);
        case UNTIL_CLOSE:
          if (buffer.unread > 0) return this.#give(buffer, buffer.unread);
          if (!eof) return NEED_DATA;
          this.#state = COMPLETE;
          break;
        case CHUNK_LINE:
          if (!this.#readChunkLine(buffer)) return this.#needData(eof);
          break;
        case CHUNK_DATA:
          if (buffer.unread === 0) return this.#needData(eof);
          return this.#giveOwed(buffer, CHUNK_END);
        case CHUNK_END:
          if (!this.#readChunkEnd(buffer)) return this.#needData(eof);
          break;
        case IN_TRAILER:
          if (!this.#readTrailer(buffer)) return this.#needData(eof);
          break;
        case COMPLETE:
          return END;
      }
    }
  }

  /** Reads on, up to the next data; true: there is none, and `read` gives END. */
  skipToEnd(buffer: ReceiveBuffer): boolean {
    for (;;) {
      switch (this.#state) {
        case CHUNK_LINE:
          if (!this.#readChunkLine(buffer)) return false;
          break;
        case CHUNK_END:
          if (!this.#readChunkEnd(buffer)) return false;
          break;
        case IN_TRAILER:
          if (!this.#readTrailer(buffer)) return false;
          break;
        case COMPLETE:
          return true;
        default:
          return false;
      }
    }
  }

  #giveOwed(buffer: ReceiveBuffer, after: number): number {
    const length = Math.min(this.#remaining, buffer.unread);
    this.#remaining -= length;
    if (this.#remaining === 0) this.#state = after;
    return this.#give(buffer, length);
  }

  #give(buffer: ReceiveBuffer, length: number): number {
    this.dataStart = buffer.pos;
    this.dataLength = length;
    buffer.pos += length;
    return DATA;
  }

  #readChunkLine(buffer: ReceiveBuffer): boolean {
    const start = buffer.pos;
    const length = chunkLineLength(buffer.bytes, start, buffer.end);
    if (length === 0) return false;
    const size = chunkSize(buffer.bytes, start, start + length - 2);
    this.#overhead = chunkOverhead(this.#overhead, length, size);
    buffer.pos = start + length;
    this.#remaining = size;
    this.#state = size > 0 ? CHUNK_DATA : IN_TRAILER;
    return true;
  }

  #readChunkEnd(buffer: ReceiveBuffer): boolean {
    if (buffer.unread < 2) return false;
    if (buffer.bytes[buffer.pos] !== CR || buffer.bytes[buffer.pos + 1] !== LF) {
      throw malformedChunk("malformed chunked encoding");
    }
    buffer.pos += 2;
    this.#state = CHUNK_LINE;
    return true;
  }

  #readTrailer(buffer: ReceiveBuffer): boolean {
    if (buffer.unread === 0) return false;
    let parser = this.#partial;
    if (parser === null) {
      parser = SectionParser.shared();
      parser.startTrailer();
    }
    const bound = Math.min(buffer.end, buffer.pos + MAX_TRAILER_BYTES);
    const length = parser.readTrailer(buffer.bytes, buffer.pos, bound);
    if (length < 0) {
      if (buffer.unread > MAX_TRAILER_BYTES) {
        throw new ProtocolError("trailerTooLarge", "remote", "suspiciously long trailer after chunked body");
      }
      this.#partial = parser.keep();
      return false;
    }
    this.#partial = null;
    if (length > 2) this.trailers = new TrailerSection(buffer.bytes, buffer.pos, buffer.pos + length);
    buffer.pos += length;
    this.#state = COMPLETE;
    return true;
  }

  #needData(eof: boolean): number {
    if (!eof) return NEED_DATA;
    const where = this.#state === IN_TRAILER ? "unexpected EOF reading trailer" : "unexpected EOF";
    throw new ProtocolError("unexpectedEof", "remote", where);
  }
}

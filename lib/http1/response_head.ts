// The head of a response as the parser found it: numbers that framing needs, and bytes that are decoded when asked for.

import { copyBytes, decodeLatin1, NO_BYTES } from "../core/bytes.ts";
import { CR, LF, SP } from "./byte_class.ts";
import { decodeFields, decodeValues, type RawHeader, toHeaders } from "./field_section.ts";

/**
 * A response's status line and fields, as the parser found them. What framing and reuse need is decided while parsing
 * and costs nothing to ask for; text is decoded when it is asked for.
 *
 * The parser's own head is one object used for every response, on lent bytes: its numbers hold until `begin`, its text
 * until `retain`. To keep a head longer, take a `snapshot`.
 */
export class ResponseHead {
  /** Three digits. */
  status = 0;
  /** HTTP/1.x; a digit. */
  protoMinor = 1;
  /** Body bytes to come, −1 where unknown; what the head declared where it answers a HEAD request. */
  contentLength = -1;
  /** The head says `Transfer-Encoding: chunked`. */
  chunked = false;
  /** The body goes on to the connection's end. */
  untilClose = false;
  /** Body bytes can follow. */
  hasBody = false;
  /** The head forbids another request on the connection (RFC 9112 §9.3, §6.1). */
  close = false;
  /** How many fields it has. */
  fieldCount = 0;
  /** Lent by the parser, or a snapshot's own. */
  #bytes = NO_BYTES;
  #start = 0;
  #end = 0;

  get proto(): string {
    return `HTTP/1.${this.protoMinor}`;
  }

  /** Forgets the response before. For the parser. */
  clear(): void {
    this.status = 0;
    this.protoMinor = 1;
    this.contentLength = -1;
    this.chunked = false;
    this.untilClose = false;
    this.hasBody = false;
    this.close = false;
    this.fieldCount = 0;
    this.#bytes = NO_BYTES;
  }

  /** Points at the head's bytes, from its first to its empty line. For the parser. */
  lend(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  /** Lets go of the lent bytes: numbers stay, text is gone. For the parser. */
  release(): void {
    this.#bytes = NO_BYTES;
  }

  /** An own copy of numbers and bytes, good for ever: one slice, text still undecoded. */
  snapshot(): ResponseHead {
    this.#requireBytes();
    const copy = new ResponseHead();
    copy.status = this.status;
    copy.protoMinor = this.protoMinor;
    copy.contentLength = this.contentLength;
    copy.chunked = this.chunked;
    copy.untilClose = this.untilClose;
    copy.hasBody = this.hasBody;
    copy.close = this.close;
    copy.fieldCount = this.fieldCount;
    copy.lend(copyBytes(this.#bytes, this.#start, this.#end), 0, this.#end - this.#start);
    return copy;
  }

  /** The text after the status code, often "OK", sometimes "". Control bytes are shown as spaces (RFC 9112 §2.2). */
  reason(): string {
    this.#requireBytes();
    let end = this.#fieldsStart() - 1;
    if (this.#bytes[end - 1] === CR) end -= 1;
    // "HTTP/1.1" and any number of spaces precede the three digits.
    let start = this.#start + "HTTP/1.1".length;
    while (this.#bytes[start] === SP) start++;
    start += 3;
    const text = decodeLatin1(this.#bytes, Math.min(start + 1, end), end);
    // deno-lint-ignore no-control-regex
    return text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, " ");
  }

  /** The fields in the order of the wire; decoded anew at each call. */
  rawHeaders(): RawHeader[] {
    this.#requireBytes();
    return decodeFields(this.#bytes, this.#fieldsStart(), this.#end);
  }

  /** The values of the fields of this name in any case, in the order of the wire; no other field is decoded. */
  values(name: string): string[] {
    this.#requireBytes();
    return decodeValues(this.#bytes, this.#fieldsStart(), this.#end, name);
  }

  /** The fields as standard headers; decoded anew at each call. */
  headers(): Headers {
    return toHeaders(this.rawHeaders());
  }

  #fieldsStart(): number {
    return this.#bytes.indexOf(LF, this.#start) + 1;
  }

  #requireBytes(): void {
    if (this.#bytes.length === 0) throw new Error("the head's bytes are gone: take a snapshot before the view ends");
  }
}

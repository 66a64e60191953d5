// How long a response's body is and whether its connection can be used again: RFC 9112 §6.3 and §9.3, with the
// strictness of Go's net/http (transfer.go) where a lenient reading would let two parties see two messages.

import { decodeLatin1, encodeLatin1 } from "../core/bytes.ts";
import { COMMA, HTAB, SP, ZERO } from "./byte_class.ts";
import {
  CONNECTION,
  CONTENT_LENGTH,
  equalsFolded,
  type FieldLexer,
  lowerCase,
  TRAILER,
  TRANSFER_ENCODING,
  trimRight,
} from "./field_lexer.ts";
import { joinFolded } from "./field_section.ts";
import { ProtocolError, quoteBytes } from "./protocol_error.ts";
import type { ResponseHead } from "./response_head.ts";

/** Go's: of 63 bits. */
const MAX_LENGTH = 2n ** 63n - 1n;
const CHUNKED = lowerCase("chunked");
const CLOSE = lowerCase("close");
const KEEP_ALIVE = lowerCase("keep-alive");
const FRAMING_NAMES = [lowerCase("transfer-encoding"), lowerCase("content-length"), lowerCase("trailer")];

/** Gathers what one head's framing fields say, then settles it in the head. */
export class Framing {
  /** Digits of the Content-Length seen, 0 for none: with equal numbers they make the texts equal. */
  #lengthDigits = 0;
  /** Its text where a number does not hold it exactly: no body is that long, but two such may differ. */
  #longLength = "";
  #transferEncoded = false;
  #saysClose = false;
  #saysKeepAlive = false;
  /** A field that must not be a trailer is announced as one; an error only if the body is chunked. */
  #badTrailer = "";

  reset(): void {
    this.#lengthDigits = 0;
    this.#transferEncoded = false;
    this.#saysClose = false;
    this.#saysKeepAlive = false;
    this.#badTrailer = "";
  }

  /** Takes in the field that the lexer, whose offsets count from `base`, has just given. */
  note(kind: number, bytes: Uint8Array, base: number, lexer: FieldLexer, head: ResponseHead): void {
    if (lexer.folded) {
      const value = encodeLatin1(joinFolded(bytes, base + lexer.value, base + lexer.valueEnd));
      this.#note(kind, value, 0, value.length, head);
    } else {
      this.#note(kind, bytes, base + lexer.value, base + lexer.valueEnd, head);
    }
  }

  #note(kind: number, bytes: Uint8Array, start: number, end: number, head: ResponseHead): void {
    switch (kind) {
      case CONTENT_LENGTH:
        return this.#noteLength(bytes, start, trimRight(bytes, start, end), head);
      case TRANSFER_ENCODING:
        return this.#noteTransferEncoding(bytes, start, end, head);
      case CONNECTION:
        this.#saysClose ||= listHas(bytes, start, end, CLOSE);
        // HTTP/1.1 keeps alive unasked: it need not be looked for.
        if (head.protoMinor === 0) this.#saysKeepAlive ||= listHas(bytes, start, end, KEEP_ALIVE);
        return;
      case TRAILER:
        if (FRAMING_NAMES.some((name) => listHas(bytes, start, end, name))) {
          this.#badTrailer = quoteBytes(bytes, start, end);
        }
    }
  }

  #noteLength(bytes: Uint8Array, start: number, end: number, head: ResponseHead): void {
    if (start === end) throw new ProtocolError("badContentLength", "remote", 'invalid empty Content-Length ""');
    let length = 0;
    for (let i = start; i < end; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit < 0 || digit > 9) throw badLength(bytes, start, end);
      length = length * 10 + digit;
    }
    const long = length > Number.MAX_SAFE_INTEGER ? decodeLatin1(bytes, start, end) : "";
    if (long !== "" && (length > 2 ** 64 || BigInt(long) > MAX_LENGTH)) throw badLength(bytes, start, end);
    // Identical duplicates are one (RFC 9112 §6.3 point 5); "5" beside "05" is not identical.
    if (
      this.#lengthDigits > 0 &&
      (length !== head.contentLength || end - start !== this.#lengthDigits || long !== this.#longLength)
    ) {
      throw new ProtocolError(
        "badContentLength",
        "remote",
        `message cannot contain multiple Content-Length headers; got ${head.contentLength} and ${
          quoteBytes(bytes, start, end)
        }`,
      );
    }
    this.#lengthDigits = end - start;
    this.#longLength = long;
    head.contentLength = length;
  }

  #noteTransferEncoding(bytes: Uint8Array, start: number, end: number, head: ResponseHead): void {
    const repeated = this.#transferEncoded;
    this.#transferEncoded = true;
    // HTTP/1.0 has no such field: it is ignored, and the connection not trusted again (RFC 9112 §6.1).
    if (head.protoMinor === 0) return;
    if (repeated) throw badEncoding("too many transfer encodings", bytes, start, end);
    if (!equalsFolded(bytes, start, end, CHUNKED)) {
      throw badEncoding("unsupported transfer encoding", bytes, start, end);
    }
    head.chunked = true;
  }

  /** RFC 9112 §6.3, top to bottom, once every field is known. */
  settle(head: ResponseHead, answersHead: boolean): void {
    if (head.chunked && this.#badTrailer !== "") {
      throw new ProtocolError("forbiddenTrailer", "remote", `bad trailer key ${this.#badTrailer}`);
    }
    head.close = this.#saysClose || (head.protoMinor === 0 && !this.#saysKeepAlive) ||
      (this.#transferEncoded && (this.#lengthDigits > 0 || head.protoMinor === 0));
    if (answersHead) return;
    if (head.status < 200 && head.status >= 100 || head.status === 204 || head.status === 304) {
      head.contentLength = 0;
    } else if (head.chunked) {
      head.contentLength = -1;
      head.hasBody = true;
    } else if (this.#lengthDigits > 0) {
      head.hasBody = head.contentLength > 0;
    } else {
      head.untilClose = true;
      head.hasBody = true;
      head.close = true;
    }
  }
}

/** Whether a comma-separated list has the lower-case `word`, in any case. */
function listHas(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  for (let i = start; i < end; i++) {
    while (i < end && (bytes[i] === SP || bytes[i] === HTAB)) i++;
    const from = i;
    while (i < end && bytes[i] !== COMMA) i++;
    if (equalsFolded(bytes, from, trimRight(bytes, from, i), word)) return true;
  }
  return false;
}

function badLength(bytes: Uint8Array, start: number, end: number): ProtocolError {
  return new ProtocolError("badContentLength", "remote", `bad Content-Length ${quoteBytes(bytes, start, end)}`);
}

function badEncoding(text: string, bytes: Uint8Array, start: number, end: number): ProtocolError {
  return new ProtocolError("unsupportedTransferEncoding", "remote", `${text}: ${quoteBytes(bytes, start, end)}`);
}

// Reads a head or a trailer block as its bytes come: the status line, the fields, and what the fields settle. The rules
// of a line are the lexer's, those of the body's length are `framing.ts`'s.

import { CR, LF } from "./byte_class.ts";
import { CONNECTION, FieldLexer, INCOMPLETE, OTHER_FIELD, SECTION_END } from "./field_lexer.ts";
import { Framing } from "./framing.ts";
import { ProtocolError, quoteBytes } from "./protocol_error.ts";
import type { ResponseHead } from "./response_head.ts";
import { parseStatusLine } from "./status_line.ts";

/**
 * Reads a head or a trailer that may come in pieces. Every call is given all bytes from the section's first on; what
 * was read before is not read again, so a head that comes byte by byte costs linear time. Begin with a `start…`.
 */
export class SectionParser {
  /** For sections that come in one piece, which is nearly all: one is enough for every connection. */
  static #shared = new SectionParser();

  readonly #lexer = new FieldLexer();
  readonly #framing = new Framing();
  #statusLineDone = false;
  #maxFields = 0;
  /** The status line does not end between the head's first byte and here. */
  #searched = 0;

  /** The one that nobody keeps. Good until the call that started it returns, or for as long as it is kept. */
  static shared(): SectionParser {
    return SectionParser.#shared;
  }

  /** The section is not all here: its reader keeps the parser that it began with, and the others get a new one. */
  keep(): this {
    if (SectionParser.#shared === this) SectionParser.#shared = new SectionParser();
    return this;
  }

  /** Begins a head, which may have this many fields. */
  startHead(head: ResponseHead, maxFields: number): void {
    this.#framing.reset();
    this.#statusLineDone = false;
    this.#searched = 0;
    this.#maxFields = maxFields;
    head.clear();
  }

  startTrailer(): void {
    this.#lexer.start(0, true);
  }

  /** The head's length in bytes, or −1 where it is not all in bytes[base, end). Fills `head`, but not its bytes. */
  readHead(bytes: Uint8Array, base: number, end: number, head: ResponseHead, answersHead: boolean): number {
    if (!this.#statusLineDone && !this.#readStatusLine(bytes, base, end, head)) return -1;
    const lexer = this.#lexer;
    for (;;) {
      const kind = lexer.next(bytes, base, end);
      if (kind === INCOMPLETE) return -1;
      if (kind === SECTION_END) {
        this.#framing.settle(head, answersHead);
        return lexer.line;
      }
      if (++head.fieldCount > this.#maxFields) throw tooManyFields(this.#maxFields);
      if (kind === OTHER_FIELD) continue;
      this.#framing.note(kind, bytes, base, lexer, head);
    }
  }

  /** The trailer's length in bytes with its empty line, or −1 where it is not all in bytes[base, end). */
  readTrailer(bytes: Uint8Array, base: number, end: number): number {
    const lexer = this.#lexer;
    for (;;) {
      const kind = lexer.next(bytes, base, end);
      if (kind === INCOMPLETE) return -1;
      if (kind === SECTION_END) return lexer.line;
      if (kind !== OTHER_FIELD && kind !== CONNECTION) {
        const name = quoteBytes(bytes, base + lexer.name, base + lexer.nameEnd);
        throw new ProtocolError("forbiddenTrailer", "remote", `bad trailer key ${name}`);
      }
    }
  }

  /** The peer ended in mid-head: a partial first line may still tell that this is not HTTP, as it does in Go. */
  judgePartialHead(bytes: Uint8Array, base: number, end: number, head: ResponseHead): void {
    if (this.#statusLineDone || base === end) return;
    parseStatusLine(bytes, base, bytes[end - 1] === CR ? end - 1 : end, head);
  }

  #readStatusLine(bytes: Uint8Array, base: number, end: number, head: ResponseHead): boolean {
    let i = base + this.#searched;
    while (i < end && bytes[i] !== LF) i++;
    this.#searched = i - base;
    if (i >= end) return false;
    parseStatusLine(bytes, base, i > base && bytes[i - 1] === CR ? i - 1 : i, head);
    this.#statusLineDone = true;
    this.#lexer.start(i + 1 - base, false);
    return true;
  }
}

function tooManyFields(most: number): ProtocolError {
  return new ProtocolError("tooManyFields", "remote", `server response has more than ${most} header fields; aborted`);
}

// The fields of a head or a trailer block as text, decoded from bytes that the lexer has already judged.

import { copyBytes, decodeLatin1 } from "../core/bytes.ts";
import { equalsFolded, FieldLexer, INCOMPLETE, lowerCase, SECTION_END } from "./field_lexer.ts";

/** One field as on the wire: name in its own case and with its spaces, if any, value without surrounding blanks, one character per byte. */
export type RawHeader = [name: string, value: string];

/** The fields of a whole section, bytes[start, end), which has been parsed before: it is known to be well-formed. */
export function decodeFields(bytes: Uint8Array, start: number, end: number): RawHeader[] {
  const lexer = new FieldLexer();
  const fields: RawHeader[] = [];
  for (;;) {
    const kind = lexer.next(bytes, start, end);
    if (kind === SECTION_END || kind === INCOMPLETE) return fields;
    const name = decodeLatin1(bytes, start + lexer.name, start + lexer.nameEnd);
    fields.push([name, valueOf(lexer, bytes, start)]);
  }
}

/** The values of the fields of this name in any case, in their order. No other field is decoded: there may be very many. */
export function decodeValues(bytes: Uint8Array, start: number, end: number, name: string): string[] {
  const wanted = lowerCase(name);
  const lexer = new FieldLexer();
  const values: string[] = [];
  for (;;) {
    const kind = lexer.next(bytes, start, end);
    if (kind === SECTION_END || kind === INCOMPLETE) return values;
    if (equalsFolded(bytes, start + lexer.name, start + lexer.nameEnd, wanted)) {
      values.push(valueOf(lexer, bytes, start));
    }
  }
}

/** The value of the field that the lexer, whose offsets count from `base`, has just given. */
function valueOf(lexer: FieldLexer, bytes: Uint8Array, base: number): string {
  const decode = lexer.folded ? joinFolded : decodeLatin1;
  return decode(bytes, base + lexer.value, base + lexer.valueEnd);
}

/** A value over several lines: each trimmed, joined by one space (RFC 9112 §5.2, done as in Go's net/textproto). */
export function joinFolded(bytes: Uint8Array, start: number, end: number): string {
  const lines = decodeLatin1(bytes, start, end).split(/\r?\n/);
  return lines.map((line) => line.replace(/^[ \t]+|[ \t]+$/g, "")).join(" ").replace(/^ +/, "");
}

/** Fields as the fetch standard has them, in which no name has a space: those that do are not there. */
export function toHeaders(fields: readonly RawHeader[]): Headers {
  const headers = new Headers();
  for (const [name, value] of fields) {
    if (!name.includes(" ")) headers.append(name, value);
  }
  return headers;
}

/** What came after the last chunk (RFC 9112 §7.1.2). An own copy: it is read after the bytes around it are gone. */
export class TrailerSection {
  readonly #bytes: Uint8Array;

  /** Copies bytes[start, end), a parsed trailer section. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = copyBytes(bytes, start, end);
  }

  /** In the order of the wire; decoded anew at each call. */
  rawHeaders(): RawHeader[] {
    return decodeFields(this.#bytes, 0, this.#bytes.length);
  }

  /** As standard headers; decoded anew at each call. */
  headers(): Headers {
    return toHeaders(this.rawHeaders());
  }
}

// Cuts a field section (the lines of a head after its status line, or a trailer) into fields.
//
// One pass over the bytes, no strings, no copies: a field is four offsets. Offsets count from the `base` that every call
// names, so they survive when the bytes move to another buffer. Rules, as in Go's net/textproto:
//   - a line ends in CRLF or in a bare LF; in a trailer in CRLF alone, as everywhere in a chunked body
//   - a name is a token, directly followed by a colon (RFC 9112 §5.1), or, as Go takes it, tokens with spaces between and
//     behind them, which belong to the name; but a framing field's name has none, or two parties would see two messages
//   - a line that begins with SP or HTAB continues the value before it (obs-fold, RFC 9112 §5.2)
//   - a value has no control byte but HTAB
// A line is judged only when it is there to its end: so the verdict does not depend on how the bytes were cut.

import { BYTE_CLASS, COLON, CONTROL, CR, HTAB, LF, SP, TOKEN } from "./byte_class.ts";
import { ProtocolError, quoteBytes } from "./protocol_error.ts";

/** More bytes are needed. */
export const INCOMPLETE = 0;
/** A field that says nothing about framing. */
export const OTHER_FIELD = 1;
export const CONTENT_LENGTH = 2;
export const TRANSFER_ENCODING = 3;
export const CONNECTION = 4;
export const TRAILER = 5;
/** The empty line: `line` is where the section ends. */
export const SECTION_END = 6;

const NAMES: readonly (readonly [kind: number, name: Uint8Array])[] = [
  [CONTENT_LENGTH, lowerCase("content-length")],
  [TRANSFER_ENCODING, lowerCase("transfer-encoding")],
  [CONNECTION, lowerCase("connection")],
  [TRAILER, lowerCase("trailer")],
];
/** From a name's length to what it may be: no two of the four are equally long. */
const KIND_BY_LENGTH: readonly number[] = Array.from(
  { length: 18 },
  (_, length) => NAMES.find(([, name]) => name.length === length)?.[0] ?? OTHER_FIELD,
);
const NAME_BY_KIND: readonly Uint8Array[] = Array.from(
  { length: SECTION_END },
  (_, kind) => NAMES.find(([known]) => known === kind)?.[1] ?? new Uint8Array(0),
);

export class FieldLexer {
  /** Where the next line begins. */
  line = 0;
  /** The field last given: where its name and its value begin and end, surrounding blanks left out. */
  name = 0;
  nameEnd = 0;
  value = 0;
  valueEnd = 0;
  /** Its value goes over several lines: read it with `joinFolded`. */
  folded = false;
  /** A field is read but not given out: the next line may continue it. */
  #open = false;
  #kind = OTHER_FIELD;
  /** No line ends between `line` and here. Keeps a line that comes in many pieces from being read again each time. */
  #searched = 0;
  #crlfOnly = false;

  /** Begins a section at offset `line`. */
  start(line: number, crlfOnly: boolean): void {
    this.line = line;
    this.folded = false;
    this.#open = false;
    this.#searched = line;
    this.#crlfOnly = crlfOnly;
  }

  /** The next field's kind, SECTION_END or INCOMPLETE. `end` is absolute; offsets given out count from `base`. */
  next(bytes: Uint8Array, base: number, end: number): number {
    if (this.#searched > this.line && !this.#lineIsWhole(bytes, base, base + this.#searched, end)) return INCOMPLETE;
    for (;;) {
      const start = base + this.line;
      if (start >= end) return INCOMPLETE;
      const first = bytes[start]!;
      if (first === SP || first === HTAB) {
        if (!this.#readContinuation(bytes, base, end)) return INCOMPLETE;
      } else if (this.#open) {
        this.#open = false;
        return this.#kind;
      } else if (first === CR || first === LF) {
        return this.#readEnd(bytes, base, end);
      } else if (!this.#readField(bytes, base, end)) {
        return INCOMPLETE;
      }
    }
  }

  #readField(bytes: Uint8Array, base: number, end: number): boolean {
    const start = base + this.line;
    let i = start;
    while (i < end && BYTE_CLASS[bytes[i]!] === TOKEN) i++;
    if (i < end && bytes[i] === SP && kindOf(bytes, start, i) === OTHER_FIELD) i = skipSpacedName(bytes, i, end);
    if (i === end || bytes[i] !== COLON || i === start) return this.#refuse(bytes, base, i, end);
    const nameEnd = i++;
    while (i < end && (bytes[i] === SP || bytes[i] === HTAB)) i++;
    const value = i;
    const valueEnd = this.#readToLineEnd(bytes, base, i, end);
    if (valueEnd < 0) return false;
    this.name = start - base;
    this.nameEnd = nameEnd - base;
    this.value = value - base;
    this.valueEnd = trimRight(bytes, value, valueEnd) - base;
    this.folded = false;
    this.#open = true;
    this.#kind = kindOf(bytes, start, nameEnd);
    return true;
  }

  #readContinuation(bytes: Uint8Array, base: number, end: number): boolean {
    const start = base + this.line;
    if (!this.#open) return this.#refuse(bytes, base, start, end);
    const valueEnd = this.#readToLineEnd(bytes, base, start, end);
    if (valueEnd < 0) return false;
    this.valueEnd = valueEnd - base;
    this.folded = true;
    return true;
  }

  /** Where the line's text ends, `line` then being the next one; or −1 where it is not all there. */
  #readToLineEnd(bytes: Uint8Array, base: number, from: number, end: number): number {
    let i = from;
    while (i < end && BYTE_CLASS[bytes[i]!] !== CONTROL) i++;
    if (i < end && bytes[i] === CR && i + 1 < end && bytes[i + 1] === LF) {
      this.line = i + 2 - base;
      return i;
    }
    if (i < end && bytes[i] === LF && !this.#crlfOnly) {
      this.line = i + 1 - base;
      return i;
    }
    this.#refuse(bytes, base, i, end);
    return -1;
  }

  #readEnd(bytes: Uint8Array, base: number, end: number): number {
    const start = base + this.line;
    if (bytes[start] === LF && !this.#crlfOnly) {
      this.line += 1;
      return SECTION_END;
    }
    if (bytes[start] === CR && start + 1 < end && bytes[start + 1] === LF) {
      this.line += 2;
      return SECTION_END;
    }
    this.#refuse(bytes, base, start, end);
    return INCOMPLETE;
  }

  /** Throws where the line is whole: it is malformed. Where it is not, it can not be judged: false. */
  #refuse(bytes: Uint8Array, base: number, at: number, end: number): false {
    const start = base + this.line;
    if (!this.#lineIsWhole(bytes, base, at, end)) return false;
    const lineEnd = base + this.#searched;
    const quoted = quoteBytes(bytes, start, bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd);
    const text = this.#whatIsWrong(bytes, start, lineEnd);
    throw new ProtocolError("malformedHeader", "remote", `malformed MIME header${text}: ${quoted}`);
  }

  /** Go's words for it. */
  #whatIsWrong(bytes: Uint8Array, start: number, lineEnd: number): string {
    if (this.#open) return " line";
    if (bytes[start] === SP || bytes[start] === HTAB) return " initial line";
    return bytes.subarray(start, lineEnd).includes(COLON) ? " line" : ": missing colon";
  }

  /** Whether the line ends before `end`, looking from `at`; leaves `#searched` at its LF, or at `end`. */
  #lineIsWhole(bytes: Uint8Array, base: number, at: number, end: number): boolean {
    let i = at;
    while (i < end && bytes[i] !== LF) i++;
    this.#searched = i - base;
    return i < end;
  }
}

/** Where a name ends that goes on with a space. */
function skipSpacedName(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && (bytes[i] === SP || BYTE_CLASS[bytes[i]!] === TOKEN)) i++;
  return i;
}

function kindOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const kind = length < KIND_BY_LENGTH.length ? KIND_BY_LENGTH[length]! : OTHER_FIELD;
  return kind !== OTHER_FIELD && equalsFolded(bytes, start, end, NAME_BY_KIND[kind]!) ? kind : OTHER_FIELD;
}

/** Whether bytes[start, end), a token, is the lower-case `word` in any case. */
export function equalsFolded(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (foldCase(bytes[start + i]!) !== word[i]) return false;
  }
  return true;
}

/** The bytes of a word, to compare with `equalsFolded`. */
export function lowerCase(word: string): Uint8Array {
  return Uint8Array.from(word.toLowerCase(), (char) => char.charCodeAt(0));
}

function foldCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

/** Where bytes[start, end) ends without trailing SP and HTAB. */
export function trimRight(bytes: Uint8Array, start: number, end: number): number {
  let i = end;
  while (i > start && (bytes[i - 1] === SP || bytes[i - 1] === HTAB)) i--;
  return i;
}

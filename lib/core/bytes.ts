// Byte strings. HTTP/1 heads are sequences of octets, so text here is isomorphic: one character per byte, U+0000 to
// U+00FF, as in the fetch standard. TextDecoder's "latin1" is windows-1252 and would change 0x80 to 0x9F.

/** What holds nothing points here, so that an idle connection keeps no buffer alive. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Arguments of one `fromCharCode` call: far below every engine's limit on the stack. */
const CHARS_PER_CALL = 4096;

/** An own copy of bytes[start, end). `slice` would not do: Node's Buffer overrides it with a view. */
export function copyBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
  const copy = new Uint8Array(end - start);
  copy.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
  return copy;
}

/** All parts in one array of exactly their length. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** bytes[start, end) as text, one character per byte. */
export function decodeLatin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = "";
  for (let at = start; at < end; at += CHARS_PER_CALL) {
    text += String.fromCharCode.apply(
      null,
      bytes.subarray(at, Math.min(end, at + CHARS_PER_CALL)) as unknown as number[],
    );
  }
  return text;
}

/** Text as bytes, one per character. Throws RangeError on a character above U+00FF, which no single byte can say. */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new RangeError(`character ${i} is above U+00FF`);
    bytes[i] = code;
  }
  return bytes;
}

// The first line of a response (RFC 9112 §4), as Go's `ReadResponse` reads it.

import { decodeLatin1 } from "../core/bytes.ts";
import { SP, ZERO } from "./byte_class.ts";
import { ProtocolError, quoteBytes } from "./protocol_error.ts";
import type { ResponseHead } from "./response_head.ts";

/** "HTTP/1." */
const PREFIX = Uint8Array.of(0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e);
const SHORTEST = "HTTP/1.1 200".length;

/**
 * Reads bytes[start, end), a first line without its line end, into the head's status and version. Judges as Go's
 * ReadResponse does, in its order, but for two leniencies not taken over: a status code has three digits (Go's Atoi takes
 * "+20"), and the version is 1.x, of which all from 1.1 on are read as 1.1 (RFC 9110 §2.5): a message of another major
 * version does not look like this.
 */
export function parseStatusLine(bytes: Uint8Array, start: number, end: number, head: ResponseHead): void {
  if (!isPlain(bytes, start, end)) return parseUnusual(bytes, start, end, head);
  head.protoMinor = bytes[start + 7]! - ZERO;
  head.status = (bytes[start + 9]! - ZERO) * 100 + (bytes[start + 10]! - ZERO) * 10 + (bytes[start + 11]! - ZERO);
}

/** "HTTP/1.x ddd", then nothing or a space. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHORTEST) return false;
  for (let i = 0; i < PREFIX.length; i++) {
    if (bytes[start + i] !== PREFIX[i]) return false;
  }
  return isDigit(bytes[start + 7]!) && bytes[start + 8] === SP &&
    isDigit(bytes[start + 9]!) && isDigit(bytes[start + 10]!) && isDigit(bytes[start + 11]!) &&
    (end - start === SHORTEST || bytes[start + 12] === SP);
}

/** Everything else: several spaces before the code, or an error to name. */
function parseUnusual(bytes: Uint8Array, start: number, end: number, head: ResponseHead): void {
  const space = bytes.subarray(start, end).indexOf(SP);
  if (space === -1) throw malformed("malformedResponse", "malformed HTTP response", bytes, start, end);
  let code = start + space;
  while (code < end && bytes[code] === SP) code++;
  let codeEnd = code;
  while (codeEnd < end && bytes[codeEnd] !== SP) codeEnd++;
  const digits = decodeLatin1(bytes, code, Math.min(codeEnd, code + 4));
  if (!/^[0-9]{3}$/.test(digits)) {
    throw malformed("malformedStatusCode", "malformed HTTP status code", bytes, code, codeEnd);
  }
  const version = decodeLatin1(bytes, start, start + Math.min(space, 9));
  if (!/^HTTP\/1\.[0-9]$/.test(version)) {
    throw malformed("malformedVersion", "malformed HTTP version", bytes, start, start + space);
  }
  head.protoMinor = Number(version.at(-1));
  head.status = Number(digits);
}

function malformed(
  code: "malformedResponse" | "malformedStatusCode" | "malformedVersion",
  text: string,
  bytes: Uint8Array,
  start: number,
  end: number,
): ProtocolError {
  return new ProtocolError(code, "remote", `${text} ${quoteBytes(bytes, start, end)}`);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

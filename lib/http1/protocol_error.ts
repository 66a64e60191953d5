// What can be wrong with HTTP/1 bytes. The codes are stable and are what reports group by; messages carry Go's texts
// where a user would search for them.

import { decodeLatin1 } from "../core/bytes.ts";

/**
 * Every code, and whose fault it is.
 *
 * | code | side | when |
 * |---|---|---|
 * | `malformedResponse` | remote | the first line is no status line |
 * | `malformedStatusCode` | remote | the status code is not three digits |
 * | `malformedVersion` | remote | not HTTP/1 |
 * | `malformedHeader` | remote | a field line of head or trailer: no colon, no name before it, a control byte |
 * | `headTooLarge` | remote | head, together with the 1xx heads before it, over `maxHeadBytes` |
 * | `tooManyFields` | remote | a head of more than `maxHeadFields` fields |
 * | `badContentLength` | remote, local | not a decimal number, over 2^63−1, or several that differ |
 * | `unsupportedTransferEncoding` | remote | anything but one `chunked` |
 * | `malformedChunk` | remote | no size, a byte that is no hex digit, a bare LF or CR, no CRLF after the data |
 * | `chunkLineTooLong` | remote | a chunk line of 4,096 bytes or more |
 * | `tooMuchChunkOverhead` | remote | more than 16 KiB of chunk extensions beyond what the data excuses |
 * | `trailerTooLarge` | remote | a trailer section over 4,096 bytes |
 * | `forbiddenTrailer` | remote | Transfer-Encoding, Content-Length or Trailer in the trailer, or announced for it |
 * | `unexpectedEof` | remote | FIN in mid-message |
 * | `badMethod` | local | a method that is no token |
 * | `badTarget` | local | a request target with a control byte, a space or a byte above 0x7E, or none |
 * | `badHost` | local | a host with a byte that no host or port has |
 * | `badHeaderName` | local | a header name that is no token |
 * | `badHeaderValue` | local | a header value with a control byte or a character above U+00FF |
 */
export type ProtocolErrorCode =
  | "malformedResponse"
  | "malformedStatusCode"
  | "malformedVersion"
  | "malformedHeader"
  | "headTooLarge"
  | "tooManyFields"
  | "badContentLength"
  | "unsupportedTransferEncoding"
  | "malformedChunk"
  | "chunkLineTooLong"
  | "tooMuchChunkOverhead"
  | "trailerTooLarge"
  | "forbiddenTrailer"
  | "unexpectedEof"
  | "badMethod"
  | "badTarget"
  | "badHost"
  | "badHeaderName"
  | "badHeaderValue";

/** Bytes that break HTTP/1: received ones (`remote`), or ones that the caller asked to send (`local`). */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** The stable part: what reports group by. */
  readonly code: ProtocolErrorCode;
  /** Who erred. */
  readonly side: "local" | "remote";

  constructor(code: ProtocolErrorCode, side: "local" | "remote", message: string) {
    super(message);
    this.code = code;
    this.side = side;
  }
}

/** Enough of a line to recognise it by in a log. */
const QUOTED_BYTES = 80;

/** bytes[start, end) for an error message: quoted, control bytes escaped, cut after 80. */
export function quoteBytes(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= QUOTED_BYTES) return quoteText(decodeLatin1(bytes, start, end));
  return `${quoteText(decodeLatin1(bytes, start, start + QUOTED_BYTES))}…`;
}

function quoteText(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

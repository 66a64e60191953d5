// The sender's side of `Transfer-Encoding: chunked` (RFC 9112 §7.1), without extensions and without trailers.

import { concatBytes, encodeLatin1, NO_BYTES } from "../../core/bytes.ts";

/** Follows each chunk's data. */
export const CHUNK_END: Uint8Array = encodeLatin1("\r\n");

/** Ends the body: a chunk of no bytes, and no trailer. */
export const LAST_CHUNK: Uint8Array = encodeLatin1("0\r\n\r\n");

/** The line before a chunk's data of `length` bytes, more than none: a size of 0 would end the body. */
export function encodeChunkHeader(length: number): Uint8Array {
  if (!Number.isSafeInteger(length) || length <= 0) throw new RangeError(`a chunk can not have ${length} bytes`);
  return encodeLatin1(`${length.toString(16)}\r\n`);
}

/** Data as one chunk, for a single write. Nothing for no data, which could only be read as the body's end. */
export function encodeChunk(data: Uint8Array): Uint8Array {
  return data.length === 0 ? NO_BYTES : concatBytes([encodeChunkHeader(data.length), data, CHUNK_END]);
}

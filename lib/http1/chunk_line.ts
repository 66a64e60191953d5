// The lines between chunks (RFC 9112 §7.1), as strict as Go's net/http/internal/chunked.go: CRLF alone ends them.

import { CR, HEX_VALUE, HTAB, LF, SEMICOLON, SP } from "./byte_class.ts";
import { ProtocolError, quoteBytes } from "./protocol_error.ts";

/** A chunk line has fewer bytes than this, its CRLF left out (Go's maxLineLength). */
const MAX_LINE_BYTES = 4096;

/** Sixteen bytes of overhead for each chunk, and twice its data, are free; this much more is not (Go's chunkedReader). */
const FREE_OVERHEAD_PER_CHUNK = 16;
const MAX_OVERHEAD_BYTES = 16 * 1024;

/** The length with CRLF of the chunk line at `start`, or 0 where it is not all there. */
export function chunkLineLength(bytes: Uint8Array, start: number, end: number): number {
  const bound = Math.min(end, start + MAX_LINE_BYTES + 1);
  let carriageReturn = -1;
  for (let i = start; i < bound; i++) {
    const byte = bytes[i];
    if (byte === CR) {
      if (carriageReturn === -1) carriageReturn = i;
    } else if (byte === LF) {
      if (carriageReturn === -1) throw malformedChunk("chunked line ends with bare LF");
      if (carriageReturn !== i - 1) throw malformedChunk("invalid CR in chunked line");
      return i + 1 - start;
    }
  }
  if (end - start > MAX_LINE_BYTES) {
    throw new ProtocolError("chunkLineTooLong", "remote", "chunk header line too long");
  }
  return 0;
}

/** The size that a chunk line, bytes[start, end) without its CRLF, gives. Extensions are ignored (RFC 9112 §7.1.1). */
export function chunkSize(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  let size = 0;
  while (i < end) {
    const digit = HEX_VALUE[bytes[i]!]!;
    if (digit === 255) break;
    size = size * 16 + digit;
    i++;
  }
  if (i < end && bytes[i] !== SEMICOLON) {
    // Blanks may end the line, but not stand before an extension: as in Go, and nobody sends them.
    let blank = i;
    while (blank < end && (bytes[blank] === SP || bytes[blank] === HTAB)) blank++;
    if (blank < end) throw malformedChunk(`invalid byte in chunk length ${quoteBytes(bytes, start, end)}`);
  }
  if (i === start) throw malformedChunk("empty hex number for chunk length");
  if (i - start > 16) throw malformedChunk("http chunk length too large");
  return size;
}

/** The overhead counted so far, with one more chunk of `size` bytes behind a line of `lineLength` bytes with CRLF. */
export function chunkOverhead(overhead: number, lineLength: number, size: number): number {
  const sum = Math.max(0, overhead + lineLength - FREE_OVERHEAD_PER_CHUNK - 2 * size);
  if (sum <= MAX_OVERHEAD_BYTES) return sum;
  throw new ProtocolError("tooMuchChunkOverhead", "remote", "chunked encoding contains too much non-data");
}

export function malformedChunk(message: string): ProtocolError {
  return new ProtocolError("malformedChunk", "remote", message);
}

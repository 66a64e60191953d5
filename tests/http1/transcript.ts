import { decodeLatin1 } from "../../lib/core/bytes.ts";
import { ProtocolError } from "../../lib/http1/protocol_error.ts";
import type { ResponseHead } from "../../lib/http1/response_head.ts";
import { DATA, END, HEAD, INFORMATIONAL, NEED_DATA, type ResponseParser } from "../../lib/http1/response_parser.ts";

/** All that a parser said of one response, with DATA events joined, so that two readings can be compared. */
export interface Transcript {
  informational: number[];
  head: ReturnType<typeof describeHead> | null;
  body: string;
  trailers: [string, string][] | null;
  ended: boolean;
  error: ProtocolError | null;
}

/**
 * Feeds pieces to a parser that was begun, overwriting each view after its turn, as a socket adapter does. Stops at END,
 * at an error, and where `eof` is not to follow also after the last piece.
 */
export function read(parser: ResponseParser, pieces: Iterable<Uint8Array>, eof: boolean): Transcript {
  const transcript: Transcript = { informational: [], head: null, body: "", trailers: null, ended: false, error: null };
  try {
    for (const piece of pieces) {
      const view = Uint8Array.from(piece);
      parser.receive(view);
      drain(parser, transcript);
      parser.retain();
      view.fill(0x3f);
    }
    if (eof && !transcript.ended) {
      parser.receiveEof();
      drain(parser, transcript);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    transcript.error = error;
  }
  return transcript;
}

function drain(parser: ResponseParser, transcript: Transcript): void {
  for (let event = parser.next(); event !== NEED_DATA; event = parser.next()) {
    if (transcript.ended) throw new Error("an event after END");
    switch (event) {
      case INFORMATIONAL:
        transcript.informational.push(parser.head.status);
        break;
      case HEAD:
        transcript.head = describeHead(parser.head);
        break;
      case DATA: {
        const data = parser.data();
        if (data.length !== parser.dataLength || data.length === 0) throw new Error("dataLength is not data's length");
        transcript.body += decodeLatin1(data);
        break;
      }
      case END:
        transcript.ended = true;
        transcript.trailers = parser.trailers === null ? null : parser.trailers.rawHeaders();
        break;
      default:
        throw new Error(`unknown event ${event}`);
    }
  }
}

function describeHead(head: ResponseHead) {
  return {
    status: head.status,
    protoMinor: head.protoMinor,
    contentLength: head.contentLength,
    chunked: head.chunked,
    untilClose: head.untilClose,
    hasBody: head.hasBody,
    close: head.close,
    reason: head.reason(),
    fields: head.rawHeaders(),
  };
}

/** One byte at a time. */
export function* singly(bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield bytes.subarray(i, i + 1);
}

/** Cut at the offsets given, in ascending order. */
export function* cutAt(bytes: Uint8Array, offsets: readonly number[]): Generator<Uint8Array> {
  let from = 0;
  for (const offset of [...offsets, bytes.length]) {
    yield bytes.subarray(from, offset);
    from = offset;
  }
}

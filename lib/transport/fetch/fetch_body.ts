// Bodies as `fetch` takes them. What is in memory goes out with its length and can be sent again, by a retry or a
// redirect; a stream goes out as it comes, once.

import { setImmediate } from "node:timers";
import { concatBytes, copyBytes } from "../../core/bytes.ts";
import type { RequestBody } from "../request/request_body.ts";
import { StreamBody } from "./fetch_stream_body.ts";

/** A body, and what it says about itself. */
export interface EncodedBody {
  readonly body: RequestBody;
  readonly getBody?: () => RequestBody;
  readonly contentLength?: number;
  /** For a request that names none. */
  readonly contentType?: string;
}

type BodyInit = NonNullable<RequestInit["body"]>;

/** A larger Blob may be a file: it is streamed, as often as need be. */
const BLOB_IN_MEMORY_BYTES = 64 * 1024;

/** How much of a `Request`'s body is looked at for its end. */
const BODY_AT_HAND_BYTES = 1024 * 1024;

/** The fetch standard's "extract a body". */
export async function encodeFetchBody(body: BodyInit): Promise<EncodedBody> {
  if (typeof body === "string") return { body, contentType: "text/plain;charset=UTF-8" };
  if (body instanceof URLSearchParams) {
    return { body: body.toString(), contentType: "application/x-www-form-urlencoded;charset=UTF-8" };
  }
  if (body instanceof ArrayBuffer) return { body: copyBytes(new Uint8Array(body)) };
  if (ArrayBuffer.isView(body)) {
    return { body: copyBytes(new Uint8Array(body.buffer, body.byteOffset, body.byteLength)) };
  }
  if (body instanceof FormData) {
    const multipart = new globalThis.Response(body);
    const contentType = multipart.headers.get("content-type")!;
    return { body: new Uint8Array(await multipart.arrayBuffer()), contentType };
  }
  if (body instanceof Blob) {
    const contentType = body.type;
    if (body.size <= BLOB_IN_MEMORY_BYTES) return { body: new Uint8Array(await body.arrayBuffer()), contentType };
    const getBody = () => new StreamBody(body.stream().getReader());
    return { body: getBody(), getBody, contentLength: body.size, contentType };
  }
  if (body instanceof ReadableStream) return { body: new StreamBody(body.getReader()) };
  if (typeof body === "object" && Symbol.asyncIterator in body) return { body };
  return { body: String(body), contentType: "text/plain;charset=UTF-8" };
}

/**
 * The body of a `Request`, which does not tell what it was made of. One made of text or bytes yields all of it, and its
 * end, before the event loop turns: then it is taken as what it was. Anything slower is a stream.
 */
export async function encodeRequestBody(request: Request): Promise<EncodedBody | undefined> {
  if (request.bodyUsed) throw new TypeError("the request's body is used");
  if (request.body === null) return undefined;
  const reader: ReadableStreamDefaultReader<unknown> = request.body.getReader();
  const turn = new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)));
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const read = reader.read();
    // an endless stream may be at hand for ever; a single chunk of any size was in memory
    const result = chunks.length > 1 && size > BODY_AT_HAND_BYTES ? undefined : await Promise.race([read, turn]);
    if (result === undefined) return { body: new StreamBody(reader, chunks, read) };
    if (result.done) return { body: concatBytes(chunks) };
    if (!(result.value instanceof Uint8Array)) throw new TypeError("a piece of a request body is no Uint8Array");
    chunks.push(result.value);
    size += result.value.length;
  }
}

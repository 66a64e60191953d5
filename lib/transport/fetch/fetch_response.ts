// This library's response as the standard `Response`, whose body is read as it is asked for.

import type { UnderlyingByteSource } from "node:stream/web";
import { copyBytes } from "../../core/bytes.ts";
import type { ResponseBody } from "../body/response_body.ts";
import type { Response } from "../response/response.ts";

/** What a standard response needs beside the response. */
export interface FetchFacts {
  /** The request was a HEAD. */
  readonly bodyless: boolean;
  readonly redirected: boolean;
  readonly signal: AbortSignal | undefined;
  /** What the reader of the body gets for its error. */
  bodyError(error: unknown): unknown;
}

/** Cannot have a body, by the fetch standard; a `Response` is refused one. */
const NULL_BODY_STATUSES = new Set([204, 205, 304]);

/** A response as the standard has it. */
export function standardResponse(response: Response, facts: FetchFacts): globalThis.Response {
  const { status, statusText, headers, body } = response;
  const bodyless = facts.bodyless || NULL_BODY_STATUSES.has(status);
  if (bodyless) body.close();
  const url = new URL(response.url);
  url.hash = "";
  // the constructor refuses a status above 599, which a server may well send
  const init = { status: status > 599 ? 200 : status, statusText, headers };
  const standard = new globalThis.Response(bodyless ? undefined : bodyStream(body, facts), init);
  return describe(standard, { status, url: url.href, redirected: facts.redirected });
}

interface Description {
  readonly status: number;
  readonly url: string;
  readonly redirected: boolean;
}

/** Says what the constructor cannot be told, of the response and of its clones. */
function describe(response: globalThis.Response, description: Description): globalThis.Response {
  const { blob, clone } = response;
  return Object.defineProperties(response, {
    status: { value: description.status },
    ok: { value: description.status >= 200 && description.status < 300 },
    url: { value: description.url },
    redirected: { value: description.redirected },
    type: { value: "basic" },
    blob: { value: async () => typed(await blob.call(response), response.headers.get("content-type")) },
    clone: { value: () => describe(clone.call(response), description) },
  });
}

/** Bun forgets a streamed body's type. */
function typed(blob: Blob, type: string | null): Blob {
  return blob.type === "" && type !== null ? new Blob([blob], { type }) : blob;
}

/** The body as a stream that takes from the connection what is asked of it, and nothing ahead. */
function bodyStream(body: ResponseBody, { signal, bodyError }: FetchFacts): ReadableStream<Uint8Array> {
  const source: UnderlyingByteSource = {
    type: "bytes",
    async pull(controller) {
      if (signal?.aborted) throw signal.reason; // bytes from before it are not given out, unlike by `ResponseBody`
      let chunk: Uint8Array | null;
      try {
        chunk = await body.read();
      } catch (error) {
        throw bodyError(error);
      }
      if (chunk === null) {
        controller.close();
        controller.byobRequest?.respond(0); // a reader with its own buffer waits for this
      } else {
        // the stream takes the buffer away from its owner
        controller.enqueue(chunk.byteLength === chunk.buffer.byteLength ? chunk : copyBytes(chunk));
      }
    },
    cancel() {
      body.close();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

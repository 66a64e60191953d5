// From a request as a caller writes it to one that was checked and can be sent any number of times. Bytes are made by the
// protocol that it is first written in.

import { NO_BYTES } from "../../core/bytes.ts";
import { fillGaps, type GappedText, partsOf } from "../../core/gapped_text.ts";
import type { EncodedRequest } from "../../http1/request/encoded_request.ts";
import type { RequestField } from "../../http1/request/request_fields.ts";
import type { Settings } from "../options/options.ts";
import type { Trace } from "../trace.ts";
import { TransportError } from "../transport_error.ts";
import { headerPairs, type HeadersInput } from "./header_pairs.ts";
import { invalidUrl } from "./invalid_url.ts";
import type { RequestBody, StreamedBody } from "./request_body.ts";
import { type FormBody, formOf, type RequestForm } from "./request_form.ts";
import type { Route } from "./route.ts";

/** A request as a caller writes it. */
export interface TransportRequest {
  /** Default GET. */
  readonly method?: string | undefined;
  /** Absolute, `http:` or `https:`. */
  readonly url: string | URL;
  readonly headers?: HeadersInput | undefined;
  readonly body?: RequestBody | undefined;
  /** A fresh copy of a streamed body: what a retry or a redirect sends. Text and bytes need none. */
  readonly getBody?: (() => RequestBody | Promise<RequestBody>) | undefined;
  /** Bytes of a streamed body; without it the body goes out in chunks. */
  readonly contentLength?: number | undefined;
  /** Send `Connection: close`, and close the connection after the response. */
  readonly close?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly trace?: Trace | undefined;
  /** Whose call this is, for `onLeak`'s report: an error made there. A wrapper gives its own caller's. */
  readonly caller?: Error | undefined;
}

/** A request whose path, fields and body, as text, may have gaps. What fills them is safe where it stands. */
export interface GappedRequest {
  readonly method: string;
  /** Scheme, host and port: where it goes, whatever fills the gaps. */
  readonly origin: string;
  /** Path and query, as on the wire. */
  readonly path: GappedText;
  /** Those that say how the connection is used (Connection, Expect, Upgrade) have no gaps. */
  readonly headers: readonly RequestField[];
  readonly body: GappedText | Uint8Array;
}

/** A request that was checked and can be sent any number of times, over whatever protocol its connection speaks. */
export class PreparedRequest {
  /** @internal */
  readonly form: RequestForm;
  /**
   * What fills the form's gaps: one character per byte in the head, any text in the body.
   * @internal
   */
  readonly values: readonly string[];
  /**
   * Owned by HTTP/1.1's `encodingOf`; undefined: not yet written there.
   * @internal
   */
  http1: EncodedRequest | undefined = undefined;
  /** The connection is closed after the response. */
  readonly close: boolean;
  /** @internal */
  readonly isHead: boolean;
  /** @internal */
  readonly route: Route;
  /** @internal */
  readonly streamedBody: StreamedBody | undefined;

  /** @internal */
  constructor(form: RequestForm, values: readonly string[] = NO_VALUES) {
    this.form = form;
    this.values = values;
    // of the form, what each sending looks at
    this.close = form.close;
    this.isHead = form.isHead;
    this.route = form.route;
    this.streamedBody = form.body.kind === "streamed" ? form.body.streamed : undefined;
  }

  get method(): string {
    return this.form.method;
  }

  get url(): string {
    return fillGaps(this.form.url, this.values);
  }

  /** Safe to send twice: the method is idempotent by RFC 9110 §9.2.2, or the caller says so (Go's `isReplayable`). */
  get replayable(): boolean {
    return this.form.replayable;
  }

  /** @internal */
  get asksGzip(): boolean {
    return this.form.asksGzip;
  }

  /** @internal */
  get expectsContinue(): boolean {
    return this.form.expectsContinue;
  }
}

const NO_VALUES: readonly string[] = [];

const ENCODER = new TextEncoder();

/** Checks a request. Throws a `TransportError` of the local side, phase `write`, that names the field. */
export function prepare(request: TransportRequest, settings: Settings): PreparedRequest {
  const url = parseUrl(request.url);
  const parts = {
    method: request.method ?? "GET",
    url: url.href,
    path: url.pathname + url.search,
    fields: headerPairs(request.headers),
    body: bodyOf(request),
    close: request.close === true,
  };
  return new PreparedRequest(formOf(url, parts, settings));
}

/** Checks a request with gaps, which `new PreparedRequest` fills for each sending. Throws what `prepare` throws. */
export function prepareForm(request: GappedRequest, settings: Settings): RequestForm {
  const { method, origin, path, headers, body } = request;
  const parts = {
    method,
    url: [origin, ...partsOf(path)],
    path,
    fields: headers,
    body: body instanceof Uint8Array
      ? { kind: "bytes" as const, bytes: body }
      : typeof body === "string"
      ? bytesOf(body)
      : { kind: "gapped" as const, text: body },
    close: false,
  };
  return formOf(parseUrl(origin), parts, settings);
}

function bodyOf({ body, getBody, contentLength = -1 }: TransportRequest): FormBody {
  if (body === undefined) return { kind: "bytes", bytes: NO_BYTES };
  if (typeof body === "string") return bytesOf(body);
  if (body instanceof Uint8Array) return { kind: "bytes", bytes: body };
  if (typeof body === "object" && body !== null && Symbol.asyncIterator in body) {
    return { kind: "streamed", streamed: { source: body, getBody, length: contentLength, used: false } };
  }
  throw new TransportError("a request body is text, bytes or an async iterable of bytes", {
    code: "badBody",
    side: "local",
    phase: "write",
  });
}

function bytesOf(text: string): FormBody {
  return { kind: "bytes", bytes: ENCODER.encode(text) };
}

function parseUrl(input: string | URL): URL {
  let url: URL;
  try {
    url = new URL(input);
  } catch {
    throw invalidUrl(input);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    const message = `unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`;
    throw new TransportError(message, { code: "unsupportedScheme", side: "local", phase: "write" });
  }
  return url;
}

import { concatBytes } from "../../core/bytes.ts";
import { ProtocolError } from "../../http1/protocol_error.ts";
import { encodeRequestHead, type RequestFraming, wantsClose } from "../../http1/request_writer.ts";
import type { Settings } from "../options/options.ts";
import { basicAuthorization } from "../proxy/proxy.ts";
import type { Trace } from "../trace.ts";
import { TransportError } from "../transport_error.ts";
import { headerPairs, type HeadersInput } from "./header_pairs.ts";
import { invalidUrl } from "./invalid_url.ts";
import type { RequestBody, StreamedBody } from "./request_body.ts";
import { type Route, routeTo } from "./route.ts";

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

/** A request encoded once, to be sent any number of times. */
export interface PreparedRequest {
  readonly method: string;
  readonly url: string;
  readonly isHead: boolean;
  readonly route: Route;
  /** Head and, where it is small, body. */
  readonly bytes: Uint8Array;
  /** A body in memory that does not go out with the head: too large to be worth a copy, or held back for a 100. */
  readonly laterBody: Uint8Array | undefined;
  readonly streamedBody: StreamedBody | undefined;
  readonly close: boolean;
  /** The body waits for a 100 (Continue). */
  readonly expectsContinue: boolean;
  /** It may be written behind others, and others behind it: it goes out in one piece, and the connection stays as it is. */
  readonly pipelinable: boolean;
  /** The transport asked for gzip, so the transport undoes it. */
  readonly asksGzip: boolean;
  /** Safe to send twice: the method is idempotent by RFC 9110 §9.2.2, or the caller says so (Go's `isReplayable`). */
  readonly replayable: boolean;
}

const ENCODER = new TextEncoder();

/** Up to here one write of head and body together is cheaper than two. */
const JOINED_BODY_BYTES = 64 * 1024;

/** Go's `isReplayable`, beside the two header fields. */
const REPLAYABLE_METHODS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Servers do not expect a body of these, so an empty one is better not announced (Go's `requestMethodUsuallyLacksBody`). */
const USUALLY_WITHOUT_BODY = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND", "SEARCH"]);

/** Encodes a request. Throws a `TransportError` of the local side, phase `write`, that names the field. */
export function prepare(request: TransportRequest, settings: Settings): PreparedRequest {
  const url = parseUrl(request.url);
  const method = request.method ?? "GET";
  const fields = new Fields(request.headers);
  const route = routeTo(url, settings);
  const memory = inMemory(request.body);
  const close = request.close === true || wantsClose(fields.pairs) ||
    (settings.disableKeepAlives && !fields.asksUpgrade);
  const asksGzip = !settings.disableCompression && method !== "HEAD" &&
    !fields.has("accept-encoding") && !fields.has("range");
  const extra: [string, string][] = [];
  if (route.forwarded && route.proxy!.username + route.proxy!.password !== "") {
    extra.push(["Proxy-Authorization", basicAuthorization(route.proxy!.username, route.proxy!.password)]);
  }
  if (asksGzip) extra.push(["Accept-Encoding", "gzip"]);
  const encode = (framing: RequestFraming): Uint8Array =>
    encodeHead(() =>
      encodeRequestHead({
        method,
        target: targetOf(method, url, fields.last("host") || url.host, route),
        host: url.host,
        headers: fields.pairs,
        framing,
        close,
        extra,
      })
    );
  const streamedBody = memory === undefined ? streamed(request, method, encode) : undefined;
  const hasBody = streamedBody !== undefined || memory!.length > 0;
  const expectsContinue = hasBody && fields.expectsContinue;
  const joined = streamedBody === undefined && !expectsContinue && memory!.length <= JOINED_BODY_BYTES;
  const head = encode(framingOf(streamedBody, memory));
  return {
    method,
    url: url.href,
    isHead: method === "HEAD",
    route,
    bytes: joined ? concatBytes([head, memory!]) : head,
    laterBody: joined ? undefined : memory,
    streamedBody,
    close,
    expectsContinue,
    pipelinable: joined && !close && !fields.asksUpgrade && method !== "CONNECT",
    asksGzip,
    replayable: (streamedBody === undefined || streamedBody.getBody !== undefined) &&
      (REPLAYABLE_METHODS.has(method) || fields.has("idempotency-key") || fields.has("x-idempotency-key")),
  };
}

/** The caller's header fields, and what the transport must know of them. */
class Fields {
  readonly pairs: readonly (readonly [string, string])[];

  constructor(input: HeadersInput | undefined) {
    this.pairs = headerPairs(input);
  }

  has(lowered: string): boolean {
    return this.last(lowered) !== undefined;
  }

  last(lowered: string): string | undefined {
    return this.pairs.findLast(([name]) => name.toLowerCase() === lowered)?.[1];
  }

  get expectsContinue(): boolean {
    return this.#lists("expect", "100-continue");
  }

  /** Go's `isProtocolSwitchHeader`. */
  get asksUpgrade(): boolean {
    return this.has("upgrade") && this.#lists("connection", "upgrade");
  }

  #lists(lowered: string, word: string): boolean {
    return this.pairs.some(([name, value]) =>
      name.toLowerCase() === lowered && value.split(",").some((item) => item.trim().toLowerCase() === word)
    );
  }
}

function streamed(
  request: TransportRequest,
  method: string,
  encode: (framing: RequestFraming) => Uint8Array,
): StreamedBody {
  const length = request.contentLength ?? -1;
  const probes = length === -1 && USUALLY_WITHOUT_BODY.has(method);
  return {
    source: request.body as AsyncIterable<Uint8Array>,
    getBody: request.getBody,
    length,
    headIfEmpty: probes ? encode({ kind: "none" }) : undefined,
    used: false,
  };
}

function framingOf(streamedBody: StreamedBody | undefined, memory: Uint8Array | undefined): RequestFraming {
  const length = streamedBody?.length ?? memory!.length;
  if (length === -1) return { kind: "chunked" };
  return length === 0 ? { kind: "none" } : { kind: "length", length };
}

/** The body's bytes; undefined: it is a stream. */
function inMemory(body: RequestBody | undefined): Uint8Array | undefined {
  if (body === undefined) return new Uint8Array(0);
  if (typeof body === "string") return ENCODER.encode(body);
  if (body instanceof Uint8Array) return body;
  if (typeof body === "object" && body !== null && Symbol.asyncIterator in body) return undefined;
  throw new TransportError("a request body is text, bytes or an async iterable of bytes", {
    code: "badBody",
    side: "local",
    phase: "write",
  });
}

/** Origin-form, or absolute-form for a proxy, or authority-form for CONNECT (RFC 9112 §3.2); `host` as in the Host field. */
function targetOf(method: string, url: URL, host: string, route: Route): string {
  if (method === "CONNECT" && url.pathname === "/") return host;
  const path = url.pathname + url.search;
  return route.forwarded ? `${url.protocol}//${host}${path}` : path;
}

function encodeHead(encode: () => Uint8Array): Uint8Array {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new TransportError(error.message, { code: error.code, side: "local", phase: "write", cause: error });
  }
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

import { encodeRequestHead } from "../http1/request_writer.ts";
import { ProtocolError } from "../http1/protocol_error.ts";
import type { Trace } from "./trace.ts";
import { TransportError } from "./transport_error.ts";

/** Header fields as callers have them: an object, pairs, or a standard `Headers`. */
export type HeadersInput =
  | Readonly<Record<string, string | readonly string[]>>
  | Iterable<readonly [string, string]>;

/** A request as a caller writes it. */
export interface TransportRequest {
  /** Default GET. */
  readonly method?: string | undefined;
  /** Absolute, `http:`. */
  readonly url: string | URL;
  readonly headers?: HeadersInput | undefined;
  readonly body?: string | Uint8Array | undefined;
  /** Send `Connection: close`, and close the connection after the response. */
  readonly close?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly trace?: Trace | undefined;
}

/** A request encoded once, to be sent any number of times. */
export interface PreparedRequest {
  readonly method: string;
  readonly url: string;
  readonly isHead: boolean;
  /** Scheme, host and port: which connections can carry it. */
  readonly poolKey: string;
  readonly host: string;
  readonly port: number;
  /** Head and, where it is small, body. */
  readonly bytes: Uint8Array;
  /** A body too large to be worth a copy behind the head. */
  readonly largeBody: Uint8Array | undefined;
  readonly close: boolean;
  /** Safe to send twice: the method is idempotent by RFC 9110 §9.2.2, or the caller says so (Go's `isReplayable`). */
  readonly replayable: boolean;
}

const ENCODER = new TextEncoder();

/** Up to here one write of head and body together is cheaper than two. */
const JOINED_BODY_BYTES = 64 * 1024;

/** Go's `isReplayable`, beside the two header fields. */
const REPLAYABLE_METHODS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Encodes a request. Throws a `TransportError` of the local side, phase `write`, that names the field. */
export function prepare(request: TransportRequest, disableKeepAlives: boolean): PreparedRequest {
  const url = parseUrl(request.url);
  const method = request.method ?? "GET";
  const headers = headerPairs(request.headers);
  const body = typeof request.body === "string" ? ENCODER.encode(request.body) : request.body;
  const close = disableKeepAlives || request.close === true ||
    headers.some(([name, value]) => /^connection$/i.test(name) && /(^|,)\s*close\s*(,|$)/i.test(value));
  let head: Uint8Array;
  try {
    head = encodeRequestHead({
      method,
      target: url.pathname + url.search,
      host: url.host,
      headers,
      framing: body === undefined || body.length === 0 ? { kind: "none" } : { kind: "length", length: body.length },
      close,
    });
  } catch (error) {
    if (error instanceof ProtocolError) {
      throw new TransportError(error.message, { code: error.code, side: "local", phase: "write", cause: error });
    }
    throw error;
  }
  const joined = body !== undefined && body.length <= JOINED_BODY_BYTES;
  return {
    method,
    url: url.href,
    isHead: method === "HEAD",
    poolKey: `${url.protocol}//${url.host}`,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 80 : Number(url.port),
    bytes: joined ? concat(head, body) : head,
    largeBody: joined ? undefined : body,
    close,
    replayable: REPLAYABLE_METHODS.has(method) ||
      headers.some(([name]) => /^(x-)?idempotency-key$/i.test(name)),
  };
}

function parseUrl(input: string | URL): URL {
  let url: URL;
  try {
    url = new URL(input);
  } catch (cause) {
    throw new TransportError(`invalid URL ${JSON.stringify(String(input))}`, {
      code: "invalidUrl",
      side: "local",
      phase: "write",
      cause,
    });
  }
  if (url.protocol !== "http:") {
    const message = `unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`;
    throw new TransportError(message, { code: "unsupportedScheme", side: "local", phase: "write" });
  }
  return url;
}

function headerPairs(input: HeadersInput | undefined): [string, string][] {
  if (input === undefined) return [];
  if (Symbol.iterator in input) return [...input].map(([name, value]) => [name, value]);
  return Object.entries(input).flatMap(([name, value]) =>
    typeof value === "string"
      ? [[name, value] as [string, string]]
      : value.map((each): [string, string] => [name, each])
  );
}

function concat(head: Uint8Array, body: Uint8Array): Uint8Array {
  const joined = new Uint8Array(head.length + body.length);
  joined.set(head);
  joined.set(body, head.length);
  return joined;
}

import { encodeLatin1 } from "../core/bytes.ts";
import { BYTE_CLASS, CONTROL, TOKEN } from "./byte_class.ts";
import { ProtocolError, type ProtocolErrorCode } from "./protocol_error.ts";

/** How the body will be delimited; `none` for no body. */
export type RequestFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" };

/** What a request's head says. Text is one character per byte, as in the fetch standard: at most U+00FF. */
export interface RequestHead {
  readonly method: string;
  /** As on the wire: path and query, an absolute URI for a proxy, host:port for CONNECT, or "*". */
  readonly target: string;
  /** Host, with its port unless it is the default. A Host among `headers` takes its place. */
  readonly host: string;
  /** The caller's. Content-Length, Transfer-Encoding and Trailer among them are left out: `framing` decides. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly framing: RequestFraming;
  /** Say `Connection: close`; also said where `headers` have it. */
  readonly close: boolean;
  /** Default "loadgen/0.1"; empty for none. A User-Agent among `headers` takes its place. */
  readonly userAgent?: string;
  /** What the transport adds; last on the wire. */
  readonly extra?: readonly (readonly [name: string, value: string])[];
}

export const DEFAULT_USER_AGENT = "loadgen/0.1";

/** Many servers want a length for these, even if it is 0 (Go's shouldSendContentLength, RFC 9110 §8.6). */
const METHODS_WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

/** Have a place of their own in the order, or follow from `framing`. */
const PLACED = new Set(["host", "user-agent", "connection", "content-length", "transfer-encoding", "trailer"]);

/** What may stand in a Host field: the bytes of RFC 3986's host and port, as Go's ValidHostHeader has them. */
const HOST = /^[0-9A-Za-z!$%&()*+,\-.:;='[\]_~]*$/;

/** Visible ASCII: a URI has nothing else, and a space would end the target. */
const TARGET = /^[\x21-\x7e]+$/;

/**
 * A request's head as bytes, up to and with its empty line. Order as in Go: request line, Host, User-Agent, Connection,
 * Content-Length or Transfer-Encoding, the caller's headers in their order, `extra`.
 *
 * Throws a ProtocolError of the local side where a byte is not allowed where it stands (badMethod, badTarget, badHost,
 * badHeaderName, badHeaderValue, badContentLength): it never reaches the wire.
 */
export function encodeRequestHead(head: RequestHead): Uint8Array {
  if (!isToken(head.method)) throw refuse("badMethod", `invalid method ${JSON.stringify(head.method)}`);
  if (!TARGET.test(head.target)) throw refuse("badTarget", `invalid request target ${JSON.stringify(head.target)}`);
  const host = lastValue(head.headers, "host") ?? head.host;
  if (!HOST.test(host)) throw refuse("badHost", `invalid Host header ${JSON.stringify(host)}`);
  const userAgent = lastValue(head.headers, "user-agent") ?? head.userAgent ?? DEFAULT_USER_AGENT;

  let text = `${head.method} ${head.target} HTTP/1.1\r\n`;
  text += fieldLine("Host", host);
  if (userAgent !== "") text += fieldLine("User-Agent", userAgent);
  if (head.close || wantsClose(head.headers)) text += "Connection: close\r\n";
  text += framingLine(head.method, head.framing);
  for (const [name, value] of head.headers) {
    const lowered = name.toLowerCase();
    if (!PLACED.has(lowered)) text += fieldLine(name, value);
    else if (lowered === "connection") text += connectionLine(name, value);
  }
  for (const [name, value] of head.extra ?? []) text += fieldLine(name, value);
  return encodeLatin1(`${text}\r\n`);
}

/** Whether the caller's headers ask for the connection to be closed after the response. */
export function wantsClose(headers: RequestHead["headers"]): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === "connection" && listItems(value).some(isClose));
}

function framingLine(method: string, framing: RequestFraming): string {
  if (framing.kind === "chunked") return "Transfer-Encoding: chunked\r\n";
  const length = framing.kind === "length" ? framing.length : 0;
  if (!Number.isSafeInteger(length) || length < 0) throw refuse("badContentLength", `invalid content length ${length}`);
  return length > 0 || METHODS_WITH_BODY.has(method) ? `Content-Length: ${length}\r\n` : "";
}

/** "close" has been said, once; what else the caller's field lists stays. */
function connectionLine(name: string, value: string): string {
  const items = listItems(value);
  if (!items.some(isClose)) return fieldLine(name, value);
  const others = items.filter((item) => !isClose(item));
  return others.length === 0 ? "" : fieldLine(name, others.join(", "));
}

function listItems(value: string): string[] {
  return value.split(",").map((item) => item.replace(/^[ \t]+|[ \t]+$/g, ""));
}

function isClose(item: string): boolean {
  return item.toLowerCase() === "close";
}

function lastValue(headers: RequestHead["headers"], lowered: string): string | undefined {
  return headers.findLast(([name]) => name.toLowerCase() === lowered)?.[1];
}

function fieldLine(name: string, value: string): string {
  if (!isToken(name)) throw refuse("badHeaderName", `invalid header field name ${JSON.stringify(name)}`);
  const at = forbiddenAt(value);
  if (at !== -1) {
    // The byte alone: the value may be a secret.
    const byte = `U+${value.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0")}`;
    throw refuse("badHeaderValue", `invalid header field value for ${JSON.stringify(name)}: ${byte} at ${at}`);
  }
  return `${name}: ${value}\r\n`;
}

function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    // Past the table's end, above U+00FF, is undefined: no token either.
    if (BYTE_CLASS[text.charCodeAt(i)] !== TOKEN) return false;
  }
  return text.length > 0;
}

/** Where the first character is that no field value has; -1: nowhere. */
function forbiddenAt(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff || BYTE_CLASS[code] === CONTROL) return i;
  }
  return -1;
}

function refuse(code: ProtocolErrorCode, message: string): ProtocolError {
  return new ProtocolError(code, "local", message);
}

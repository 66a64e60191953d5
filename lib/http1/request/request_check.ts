// What a request may say in any version of HTTP (RFC 9110 §5, §9.1; RFC 3986): what is refused here never reaches the
// wire. Of text with gaps the constant parts are looked at; values are checked by whoever fills them in.

import type { GappedText } from "../../core/gapped_text.ts";
import { BYTE_CLASS, CONTROL, TOKEN } from "../byte_class.ts";
import { ProtocolError, type ProtocolErrorCode } from "../protocol_error.ts";
import { lastValue, type RequestField } from "./request_fields.ts";

/** The parts of a request that are looked at. */
export interface RequestParts {
  readonly method: string;
  readonly target: GappedText;
  readonly host: GappedText;
  /** The caller's. Content-Length, Transfer-Encoding and Trailer among them are not sent, and not looked at. */
  readonly headers: readonly RequestField[];
  /** Of the body; undefined: unknown. */
  readonly length: number | undefined;
  readonly userAgent?: string | undefined;
  readonly extra?: readonly RequestField[];
}

/** Only the last of several is sent, and looked at. */
const ONCE = new Set(["host", "user-agent"]);

/** The transport says them itself. */
export const FRAMING_FIELDS: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "trailer"]);

/** What may stand in a Host field: the bytes of RFC 3986's host and port, as Go's ValidHostHeader has them. */
const HOST = /^[0-9A-Za-z!$%&()*+,\-.:;='[\]_~]*$/;

/** Visible ASCII: a URI has nothing else, and a space would end the target. */
const TARGET = /^[\x21-\x7e]+$/;

/**
 * Throws a ProtocolError of the local side where a byte is not allowed where it stands: badMethod, badTarget, badHost,
 * badContentLength, badHeaderName, badHeaderValue.
 */
export function checkRequest({ method, target, host, headers, length = 0, userAgent = "", extra }: RequestParts): void {
  if (!isToken(method)) throw refuse("badMethod", `invalid method ${JSON.stringify(method)}`);
  checkText(target, TARGET, "badTarget", "request target");
  checkText(lastValue(headers, "host") ?? host, HOST, "badHost", "Host header");
  checkField("User-Agent", lastValue(headers, "user-agent") ?? userAgent);
  if (!Number.isSafeInteger(length) || length < 0) throw refuse("badContentLength", `invalid content length ${length}`);
  for (const [name, value] of headers) {
    const lowered = name.toLowerCase();
    if (!ONCE.has(lowered) && !FRAMING_FIELDS.has(lowered)) checkField(name, value);
  }
  for (const [name, value] of extra ?? []) checkField(name, value);
}

function checkText(text: GappedText, allowed: RegExp, code: ProtocolErrorCode, what: string): void {
  if (typeof text !== "string") {
    text.forEach((part) => typeof part === "string" && checkText(part, allowed, code, what));
  } else if (!allowed.test(text)) throw refuse(code, `invalid ${what} ${JSON.stringify(text)}`);
}

function checkField(name: string, value: GappedText): void {
  if (!isToken(name)) throw refuse("badHeaderName", `invalid header field name ${JSON.stringify(name)}`);
  if (typeof value === "string") checkValue(name, value);
  else value.forEach((part) => typeof part === "string" && checkValue(name, part));
}

function checkValue(name: string, value: string): void {
  const at = forbiddenAt(value);
  if (at === -1) return;
  // The byte alone: the value may be a secret.
  const byte = `U+${value.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0")}`;
  throw refuse("badHeaderValue", `invalid header field value for ${JSON.stringify(name)}: ${byte} at ${at}`);
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

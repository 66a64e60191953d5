// Writes the head of an HTTP/1.1 request (RFC 9112 §3, §5), with or without gaps. No body, no connection.

import { encodeLatin1 } from "../../core/bytes.ts";
import type { GappedText } from "../../core/gapped_text.ts";
import { checkRequest, FRAMING_FIELDS } from "./request_check.ts";
import { lastValue, listItems, lists, type RequestField } from "./request_fields.ts";

/** How the body will be delimited; `none` for no body. */
export type RequestFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  /** The value of this number is the length, in digits. */
  | { readonly kind: "lengthGap"; readonly value: number }
  | { readonly kind: "chunked" };

/** What a request's head says. Text is one character per byte, as in the fetch standard: at most U+00FF. */
export interface RequestHead {
  readonly method: string;
  /** As on the wire: path and query, an absolute URI for a proxy, host:port for CONNECT, or "*". */
  readonly target: GappedText;
  /** Host, with its port unless it is the default. A Host among `headers` takes its place. */
  readonly host: GappedText;
  /** The caller's. Content-Length, Transfer-Encoding and Trailer among them are left out: `framing` decides. */
  readonly headers: readonly RequestField[];
  readonly framing: RequestFraming;
  /** Say `Connection: close`; also said where `headers` have it. */
  readonly close: boolean;
  /** Default "loadgen/0.1"; empty for none. A User-Agent among `headers` takes its place. */
  readonly userAgent?: string;
  /** What the transport adds; last on the wire. */
  readonly extra?: readonly RequestField[];
}

export const DEFAULT_USER_AGENT = "loadgen/0.1";

/** Many servers want a length for these, even if it is 0 (Go's shouldSendContentLength, RFC 9110 §8.6). */
const METHODS_WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

/** Have a place of their own in the order. */
const PLACED = new Set(["host", "user-agent", "connection", ...FRAMING_FIELDS]);

/**
 * A head without gaps as bytes, up to and with its empty line. Throws a ProtocolError of the local side where a byte is
 * not allowed where it stands: it never reaches the wire.
 */
export function encodeRequestHead(head: RequestHead): Uint8Array {
  checkRequest({ ...head, length: head.framing.kind === "length" ? head.framing.length : undefined });
  return encodeLatin1(writeRequestHead(head).join(""));
}

/**
 * A checked head as text with gaps, up to and with its empty line. Order as in Go: request line, Host, User-Agent,
 * Connection, Content-Length or Transfer-Encoding, the caller's headers in their order, `extra`.
 */
export function writeRequestHead(head: RequestHead): (string | number)[] {
  const { method, target, headers, framing } = head;
  const userAgent = lastValue(headers, "user-agent") ?? head.userAgent ?? DEFAULT_USER_AGENT;
  const text = new HeadText();
  text.add(`${method} `);
  text.add(target);
  text.add(" HTTP/1.1\r\n");
  text.addField("Host", lastValue(headers, "host") ?? head.host);
  if (userAgent !== "") text.addField("User-Agent", userAgent);
  if (head.close || wantsClose(headers)) text.add("Connection: close\r\n");
  if (framing.kind === "chunked") text.add("Transfer-Encoding: chunked\r\n");
  else if (framing.kind === "lengthGap") text.addField("Content-Length", [framing.value]);
  else {
    const length = framing.kind === "length" ? framing.length : 0;
    if (length > 0 || METHODS_WITH_BODY.has(method)) text.addField("Content-Length", String(length));
  }
  for (const [name, value] of headers) {
    const lowered = name.toLowerCase();
    if (!PLACED.has(lowered)) text.addField(name, value);
    else if (lowered === "connection") addConnection(text, name, value);
  }
  for (const [name, value] of head.extra ?? []) text.addField(name, value);
  text.add("\r\n");
  return text.end();
}

/** Whether the caller's headers ask for the connection to be closed after the response. */
export function wantsClose(headers: readonly RequestField[]): boolean {
  return lists(headers, "connection", "close");
}

/** Text that grows. */
class HeadText {
  readonly #parts: (string | number)[] = [];
  /** Behind the last gap. */
  #text = "";

  add(text: GappedText): void {
    if (typeof text === "string") {
      this.#text += text;
      return;
    }
    for (const part of text) {
      if (typeof part === "string") this.#text += part;
      else {
        this.#parts.push(this.#text, part);
        this.#text = "";
      }
    }
  }

  addField(name: string, value: GappedText): void {
    if (typeof value === "string") this.#text += `${name}: ${value}\r\n`;
    else this.add([`${name}: `, ...value, "\r\n"]);
  }

  /** Text, the number of a gap, text … text. */
  end(): (string | number)[] {
    this.#parts.push(this.#text);
    return this.#parts;
  }
}

/** "close" has been said, once; what else the caller's field lists stays. */
function addConnection(text: HeadText, name: string, value: GappedText): void {
  const items = listItems(value);
  const others = items.filter((item) => !isClose(item));
  if (others.length === items.length) text.addField(name, value);
  else if (others.length > 0) text.addField(name, others.join(", "));
}

function isClose(item: string): boolean {
  return item.toLowerCase() === "close";
}

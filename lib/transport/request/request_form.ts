// What a request says, whatever the protocol: checked, and with gaps for what differs from one sending to the next. Bytes
// are the protocols' to make, each its own.

import { basicAuthorization } from "../../core/basic_authorization.ts";
import type { GappedText } from "../../core/gapped_text.ts";
import { ProtocolError } from "../../http1/protocol_error.ts";
import type { EncodingPlan } from "../../http1/request/encoded_request.ts";
import { checkRequest } from "../../http1/request/request_check.ts";
import { lastValue, lists, type RequestField } from "../../http1/request/request_fields.ts";
import type { HeaderPair } from "../head.ts";
import type { Settings } from "../options/options.ts";
import { TransportError } from "../transport_error.ts";
import type { StreamedBody } from "./request_body.ts";
import { type Route, routeTo } from "./route.ts";

/** A body: bytes, text with gaps to be sent as UTF-8, or a stream. */
export type FormBody =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "gapped"; readonly text: GappedText }
  | { readonly kind: "streamed"; readonly streamed: StreamedBody };

/** What the caller says. */
export interface FormParts {
  readonly method: string;
  /** Absolute; for messages. */
  readonly url: GappedText;
  /** Path and query, as on the wire. */
  readonly path: GappedText;
  /** The caller's. Those that say how the connection is used (Connection, Expect, Upgrade) have no gaps. */
  readonly fields: readonly RequestField[];
  readonly body: FormBody;
  /** The connection is to be closed after the response. */
  readonly close: boolean;
}

/** A checked request: what all sendings of it have in common, and what the transport makes of that. */
export interface RequestForm extends FormParts {
  readonly isHead: boolean;
  readonly route: Route;
  /** Host and port, as the target is named: the caller's Host, or the URL's. */
  readonly authority: GappedText;
  /** What the transport adds, behind the caller's fields. */
  readonly added: readonly HeaderPair[];
  readonly asksUpgrade: boolean;
  /** The body waits for a 100 (Continue). */
  readonly expectsContinue: boolean;
  /** The transport asked for gzip, so the transport undoes it. */
  readonly asksGzip: boolean;
  /** Safe to send twice: the method is idempotent by RFC 9110 §9.2.2, or the caller says so (Go's `isReplayable`). */
  readonly replayable: boolean;
  /** Owned by HTTP/1.1's `encodingOf`; undefined: never sent there. */
  http1: EncodingPlan | undefined;
}

/** Go's `isReplayable`, beside the two header fields. */
const REPLAYABLE_METHODS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Checks a request to a URL. Throws a `TransportError` of the local side, phase `write`, that names the field. */
export function formOf(target: URL, parts: FormParts, settings: Settings): RequestForm {
  const { method, url, path, fields, body } = parts;
  const has = (lowered: string) => lastValue(fields, lowered) !== undefined;
  const route = routeTo(target, settings);
  const asksUpgrade = has("upgrade") && lists(fields, "connection", "upgrade"); // Go's `isProtocolSwitchHeader`
  const asksGzip = !settings.disableCompression && method !== "HEAD" && !has("accept-encoding") && !has("range");
  const added: HeaderPair[] = [];
  if (route.forwarded && route.proxy!.username + route.proxy!.password !== "") {
    added.push(["Proxy-Authorization", basicAuthorization(`${route.proxy!.username}:${route.proxy!.password}`)]);
  }
  if (asksGzip) added.push(["Accept-Encoding", "gzip"]);
  const form: RequestForm = {
    // field by field: an object that is spread takes Node 20 five times as long
    method,
    url,
    path,
    fields,
    body,
    isHead: method === "HEAD",
    route,
    authority: lastValue(fields, "host") || target.host,
    added,
    close: parts.close || lists(fields, "connection", "close") || (settings.disableKeepAlives && !asksUpgrade),
    asksUpgrade,
    expectsContinue: (body.kind !== "bytes" || body.bytes.length > 0) && lists(fields, "expect", "100-continue"),
    asksGzip,
    replayable: (body.kind !== "streamed" || body.streamed.getBody !== undefined) &&
      (REPLAYABLE_METHODS.has(method) || has("idempotency-key") || has("x-idempotency-key")),
    http1: undefined,
  };
  check(form);
  return form;
}

/** Of the body, in bytes; undefined: unknown before it is sent. */
export function lengthOf(body: FormBody): number | undefined {
  if (body.kind === "bytes") return body.bytes.length;
  return body.kind === "gapped" || body.streamed.length === -1 ? undefined : body.streamed.length;
}

function check({ method, path, authority, fields, body, added }: RequestForm): void {
  try {
    checkRequest({ method, target: path, host: authority, headers: fields, length: lengthOf(body), extra: added });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new TransportError(error.message, { code: error.code, side: "local", phase: "write", cause: error });
  }
}

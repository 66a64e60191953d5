// A prepared request as HTTP/1.1 writes it: the request line, Connection and the framing lines, the absolute form for a
// proxy, and a small body joined to its head. What does not change from one sending to the next is made once, as a plan
// that the form keeps; each sending fills the plan's gaps.

import { encodeLatin1, NO_BYTES } from "../../core/bytes.ts";
import { constantLength, GappedBytes, type GappedPart } from "../../core/gapped_bytes.ts";
import { type GappedText, gapsOf, partsOf } from "../../core/gapped_text.ts";
import type { EncodedRequest, EncodingPlan } from "../../http1/request/encoded_request.ts";
import { GappedBody } from "../../http1/request/gapped_body.ts";
import { type RequestFraming, writeRequestHead } from "../../http1/request/request_writer.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import { type FormBody, lengthOf, type RequestForm } from "../request/request_form.ts";

/** Up to here one write of head and body together is cheaper than two. */
const JOINED_BODY_BYTES = 64 * 1024;

/** Servers do not expect a body of these, so an empty one is better not announced (Go's `requestMethodUsuallyLacksBody`). */
const USUALLY_WITHOUT_BODY = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND", "SEARCH"]);

/** The request as HTTP/1.1 writes it; encoded when it is first asked for, and kept with the request. */
export function encodingOf(request: PreparedRequest): EncodedRequest {
  return request.http1 ?? encode(request);
}

function encode(request: PreparedRequest): EncodedRequest {
  const { form, values } = request;
  form.http1 ??= new Plan(form);
  return request.http1 = form.http1.encode(values);
}

/** How the sendings of one form are encoded. */
class Plan implements EncodingPlan {
  readonly #bytes: GappedBytes;
  readonly #laterBody: GappedBytes | undefined;
  readonly #headIfEmpty: Uint8Array | undefined;
  readonly #pipelinable: boolean;
  /** Undefined: the body has no gaps. */
  readonly #body: GappedBody | undefined;

  constructor(form: RequestForm) {
    const { method, body, close, asksUpgrade, expectsContinue } = form;
    this.#body = body.kind === "gapped" ? new GappedBody(body.text, valuesOf(form)) : undefined;
    const parts: readonly GappedPart[] = this.#body?.parts ?? [body.kind === "bytes" ? body.bytes : NO_BYTES];
    const head = headParts(form, this.#body?.framing ?? framingOf(body));
    const length = constantLength(parts);
    const joined = body.kind !== "streamed" && !expectsContinue && length <= JOINED_BODY_BYTES;
    const probes = body.kind === "streamed" && body.streamed.length === -1 && USUALLY_WITHOUT_BODY.has(method);
    this.#bytes = new GappedBytes(joined ? [...head, ...parts] : head);
    this.#laterBody = joined || body.kind === "streamed" ? undefined : new GappedBytes(parts);
    this.#headIfEmpty = probes ? new GappedBytes(headParts(form, { kind: "none" })).fill([]) : undefined;
    this.#pipelinable = joined && !close && !asksUpgrade && method !== "CONNECT";
  }

  encode(values: readonly string[]): EncodedRequest {
    const filling = this.#body?.filling(values) ?? values;
    return {
      bytes: this.#bytes.fill(filling),
      laterBody: this.#laterBody?.fill(filling),
      headIfEmpty: this.#headIfEmpty,
      pipelinable: this.#pipelinable,
    };
  }
}

/** The head, as bytes with gaps. */
function headParts(form: RequestForm, framing: RequestFraming): GappedPart[] {
  return writeRequestHead({
    method: form.method,
    target: targetOf(form),
    host: form.authority,
    headers: form.fields,
    framing,
    close: form.close,
    extra: form.added,
  }).map((part) => typeof part === "string" ? encodeLatin1(part) : part);
}

/** Origin-form, or absolute-form for a proxy, or authority-form for CONNECT (RFC 9112 §3.2). */
function targetOf({ method, route, authority, path }: RequestForm): GappedText {
  const [first] = partsOf(path);
  if (method === "CONNECT" && (path === "/" || String(first).startsWith("/?"))) return authority;
  return route.forwarded ? [`${route.scheme}://`, ...partsOf(authority), ...partsOf(path)] : path;
}

function framingOf(body: FormBody): RequestFraming {
  const length = lengthOf(body);
  if (length === undefined) return { kind: "chunked" };
  return length === 0 ? { kind: "none" } : { kind: "length", length };
}

/** How many values fill the form's gaps. */
function valuesOf({ path, fields, body }: RequestForm): number {
  const texts = [path, ...fields.map(([, value]) => value), body.kind === "gapped" ? body.text : ""];
  return 1 + Math.max(-1, ...texts.flatMap(gapsOf));
}

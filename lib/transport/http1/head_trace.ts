// What a trace is told of heads: of the one that was sent, and of those that come before the final one.

import { LF } from "../../http1/byte_class.ts";
import { decodeFields } from "../../http1/field_section.ts";
import type { ResponseHead } from "../../http1/response_head.ts";
import type { Trace } from "../trace.ts";

/** Tells that the head's bytes are with the socket, field by field; a body may follow in the same bytes. */
export function tellHead(head: Uint8Array, trace: Trace): void {
  if (trace.wroteHeaderField !== undefined) {
    const start = head.indexOf(LF) + 1;
    for (const [name, value] of decodeFields(head, start, head.length)) trace.wroteHeaderField(name, value);
  }
  trace.wroteHeaders?.();
}

/** Tells of a 1xx; true: somebody looks at all of them. */
export function tellInformational(
  status: number,
  head: ResponseHead,
  awaited: boolean,
  trace: Trace | undefined,
): boolean {
  if (status === 100 && awaited) trace?.got100Continue?.();
  if (trace?.got1xxResponse === undefined) return false;
  trace.got1xxResponse(status, head.headers());
  return true;
}

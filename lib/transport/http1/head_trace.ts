import { LF } from "../../http1/byte_class.ts";
import { decodeFields } from "../../http1/field_section.ts";
import type { Trace } from "../trace.ts";

/** Tells that the head's bytes are with the socket, field by field; a body may follow in the same bytes. */
export function tellHead(head: Uint8Array, trace: Trace): void {
  if (trace.wroteHeaderField !== undefined) {
    const start = head.indexOf(LF) + 1;
    for (const [name, value] of decodeFields(head, start, head.length)) trace.wroteHeaderField(name, value);
  }
  trace.wroteHeaders?.();
}

// How a response fails that is not read to its end, in Go's words.

import type { ProtocolError } from "../../http1/protocol_error.ts";
import type { SocketError } from "../../socket/socket_error.ts";
import { TransportError } from "../transport_error.ts";

/** Nothing of the response arrived: a FIN came in its place, or the socket died. */
export function firstByteError(cause: SocketError | undefined): TransportError {
  const message = `transport failed to read from server: ${cause?.message ?? "EOF"}`;
  return new TransportError(message, { code: cause?.code ?? "firstByteRead", side: "remote", phase: "head", cause });
}

/** A part of it arrived. */
export function brokenError(phase: "head" | "body", cause: SocketError | undefined): TransportError {
  const message = `HTTP/1.x transport connection broken: ${cause?.message ?? "unexpected EOF"}`;
  return new TransportError(message, { code: cause?.code ?? "unexpectedEof", side: "remote", phase, cause });
}

/** What arrived is no response. */
export function malformedError(phase: "head" | "body", cause: ProtocolError): TransportError {
  const { code, side } = cause;
  const message = phase === "head" ? `HTTP/1.x transport connection broken: ${cause.message}` : cause.message;
  return new TransportError(message, { code, side, phase, cause });
}

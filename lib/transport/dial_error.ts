import type { SocketError } from "../socket/socket_error.ts";
import { TransportError } from "./transport_error.ts";

/** The failure of a look-up or a connect. */
export function dialError(cause: SocketError): TransportError {
  return new TransportError(`dial: ${cause.message}`, { code: cause.code, side: "remote", phase: "dial", cause });
}

/** The same where it was the proxy that could not be reached. */
export function proxyDialError(cause: SocketError): TransportError {
  return new TransportError(`proxyconnect: ${cause.message}`, {
    code: cause.code,
    side: "remote",
    phase: "proxy",
    cause,
  });
}

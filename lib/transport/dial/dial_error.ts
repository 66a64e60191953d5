import type { SocketError } from "../../socket/socket_error.ts";
import { TransportError } from "../transport_error.ts";

/** The failure of a look-up or a connect, or of credentials that made a handshake impossible. */
export function dialError(cause: SocketError): TransportError {
  if (isAboutCredentials(cause)) {
    return new TransportError(`tls: ${cause.message}`, { code: cause.code, side: "local", phase: "tls", cause });
  }
  return new TransportError(`dial: ${cause.message}`, { code: cause.code, side: "remote", phase: "dial", cause });
}

/** Nothing has been said to a server yet, and the system's own codes begin otherwise: it is a PEM that is none. */
function isAboutCredentials({ code }: SocketError): boolean {
  return /^ERR_(OSSL|BORINGSSL)/.test(code);
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

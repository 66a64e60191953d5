// Handshakes on `node:tls`, which all three runtimes have with every part that TlsSettings names.

import { isIP } from "node:net";
import {
  checkServerIdentity,
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import { SocketError } from "./socket_error.ts";
import type { Pem, TlsCredentials, TlsSettings, TlsState } from "./tls.ts";

/** A context costs a millisecond or two, so connections that share their credentials share it too. */
const known = new WeakMap<TlsCredentials, SecureContext>();

const NO_CREDENTIALS: TlsCredentials = {};

/** The options of `tls.connect` for these settings. Throws what the runtime throws at a PEM that it cannot read. */
export function tlsOptions({ servername, credentials, insecure, alpnProtocols }: TlsSettings): ConnectionOptions {
  return {
    secureContext: contextOf(credentials ?? NO_CREDENTIALS),
    servername: isIP(servername) === 0 ? servername.replace(/\.$/, "") : "", // RFC 6066 §3: no trailing dot
    rejectUnauthorized: insecure !== true,
    // Given here, because an empty servername would have the dialed host verified.
    checkServerIdentity: (_, certificate) => checkServerIdentity(servername, certificate),
    ...(alpnProtocols !== undefined && { ALPNProtocols: [...alpnProtocols] }),
  };
}

function contextOf(credentials: TlsCredentials): SecureContext {
  let context = known.get(credentials);
  if (context === undefined) known.set(credentials, context = createContext(credentials));
  return context;
}

function createContext({ ca, cert, key, passphrase }: TlsCredentials): SecureContext {
  return createSecureContext({
    ...(ca !== undefined && { ca: (Array.isArray(ca) ? ca : [ca]).map(textOf) }),
    ...(cert !== undefined && { cert: textOf(cert) }),
    ...(key !== undefined && { key: textOf(key) }),
    ...(passphrase !== undefined && { passphrase }),
  });
}

/** Some runtimes pass over what is no PEM, and then verify without it. */
function textOf(pem: Pem): string {
  const text = typeof pem === "string" ? pem : new TextDecoder().decode(pem);
  if (!text.includes("-----BEGIN ")) throw new SocketError("ERR_OSSL_PEM_NO_START_LINE", "not a PEM: no BEGIN line");
  return text;
}

/** What the handshake on this socket came to. */
export function tlsStateOf(socket: TLSSocket, servername: string): TlsState {
  return {
    protocol: socket.getProtocol() ?? "",
    cipher: socket.getCipher()?.name ?? "",
    alpnProtocol: socket.alpnProtocol || undefined,
    servername,
    resumed: socket.isSessionReused(),
  };
}

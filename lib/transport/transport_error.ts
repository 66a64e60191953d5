// The one error of the transport: a stable code, whose fault it was, and how far the request had come.

/** Where a request failed. */
export type Phase = "dial" | "tls" | "proxy" | "write" | "head" | "body" | "pool";

/** Who broke the rules, or went away: the caller and this library, or the server. */
export type Side = "local" | "remote";

export interface TransportErrorInit {
  readonly code: string;
  readonly side: Side;
  readonly phase: Phase;
  readonly cause?: unknown;
}

/**
 * Every failure of the transport. `code` is stable and is what reports group by, as `phase/code`
 * ("dial/ECONNREFUSED"); the message follows Go's `net/http`, where people search for it.
 *
 * | code | phase | meaning |
 * |---|---|---|
 * | a POSIX code | dial, proxy, tls, head, body | the socket failed: ECONNREFUSED, ECONNRESET, EMFILE, ETIMEDOUT (the dial took too long) |
 * | an OpenSSL code | tls | the handshake failed: UNABLE_TO_VERIFY_LEAF_SIGNATURE, DEPTH_ZERO_SELF_SIGNED_CERT, CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID |
 * | tlsHandshakeTimeout | tls | it took longer than `tlsHandshakeTimeoutMs` |
 * | a code of `ProtocolError` | head, body, write, proxy | the bytes break HTTP/1.1 |
 * | badOption | pool | an option that there is none of, or of another kind than it should be |
 * | badProxy | proxy | the proxy's address is none |
 * | proxyRefused | proxy | the proxy answered CONNECT with another status than 200 |
 * | proxyTimeout | proxy | it did not answer within a minute |
 * | socksBadTarget, socksBadCredentials, socksNoAcceptableMethods, socksAuthFailed, socksRefused, socksMalformed | proxy | SOCKS 5 failed |
 * | invalidUrl, unsupportedScheme, badBody, badHeaders | write | what was asked for cannot be sent |
 * | requestBody | write | the request body's source threw; `cause` is what it threw |
 * | bodyLength | write | it did not have the bytes of its `contentLength` |
 * | cannotRewindBody | write | a streamed body without `getBody` was to be sent twice |
 * | firstByteRead | head | the connection ended before the first byte of a response |
 * | responseHeaderTimeout | head | no response head in time |
 * | unexpectedRedirect, unexpectedUpgrade | head | `fetch` met a redirect in the mode "error", or a 101 |
 * | badGzip | body | what should be gzip is not |
 * | readOnClosedBody | body | the body was read after `close()` |
 * | concurrentRead | body | a second read before the first was answered |
 * | leaked | body | the body was garbage, and `reclaimLeaks` closed its connection |
 * | closed | body | a tunnel was written to after its end |
 * | canceled | any | the caller gave up; `cause` is the reason |
 * | timeout | any | the caller's time limit passed |
 * | transportClosed | any | `transport.close()` was called |
 */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code: string;
  readonly side: Side;
  readonly phase: Phase;

  constructor(message: string, init: TransportErrorInit) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.side = init.side;
    this.phase = init.phase;
  }
}

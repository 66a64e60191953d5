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
 * | a POSIX code | dial, head, body | the socket failed: ECONNREFUSED, ECONNRESET, EMFILE, ETIMEDOUT (the dial took too long) |
 * | a code of `ProtocolError` | head, body, write | the bytes break HTTP/1.1 |
 * | serverClosedIdle | pool | the server closed a connection while it was idle |
 * | firstByteRead | head | the connection ended before the first byte of a response |
 * | canceled | any | the caller gave up; `cause` is the reason |
 * | timeout | any | the caller's time limit passed |
 * | responseHeaderTimeout | head | no response head in time |
 * | readOnClosedBody | body | the body was read after `close()` |
 * | unexpectedRedirect, unexpectedUpgrade | head | `fetch` met a redirect in the mode "error", or a 101 |
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

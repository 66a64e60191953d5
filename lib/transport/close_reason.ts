/** Why a connection was closed, as the census's ledger (`totals.closed`) and `putIdleConn` say it. */
export type CloseReason =
  /** The response, its request, or both sides' lack of a length asked for it: `Connection: close`, HTTP/1.0, until-close bodies. */
  | "connectionClose"
  /** A body was closed early, and what was left of it was too much or came too slowly to be drained. */
  | "earlyClose"
  /** The response ended before its request was written. */
  | "earlyResponse"
  /** It was idle for `idleConnTimeoutMs`. */
  | "idleTimeout"
  /** `maxIdleConns` were idle: the one idle longest went. */
  | "maxIdleConns"
  /** `maxIdleConnsPerHost` were idle: the newcomer went. */
  | "maxIdleConnsPerHost"
  /** `disableKeepAlives`, or no idle connection is allowed. */
  | "keepAlivesDisabled"
  /** `closeIdleConnections` was called. */
  | "closeIdleConnections"
  /** The server closed it while it was idle. */
  | "serverClosedIdle"
  /** Bytes came that no request had asked for. */
  | "unsolicited"
  /** It ended before the first byte of a response. */
  | "firstByteRead"
  /** It ended, or was no HTTP, within a response. */
  | "broken"
  /** It was reset while the rest of a closed body was drained. */
  | "reset"
  /** The request could not be written: its body failed or did not have its length. */
  | "writeFailed"
  /** No response head within `responseHeaderTimeoutMs`, or the load's own time limit passed. */
  | "timeout"
  /** Its request was cancelled. */
  | "canceled"
  /** The transport was closed. */
  | "transportClosed"
  /** A 101 made it the caller's own. */
  | "upgraded"
  /** A request was cancelled with an error of the caller's, by its code. */
  | (string & Record<never, never>);

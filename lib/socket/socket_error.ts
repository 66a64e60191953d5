/** Codes that say "no way there from here" for one address family, rather than what the server answered. */
const ROUTING: ReadonlySet<string> = new Set(["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** A socket's failure, told by its POSIX or TLS code ("ECONNREFUSED", "EMFILE"), never by a runtime's class. */
export class SocketError extends Error {
  override readonly name = "SocketError";
  /** The stable part: what reports group by. "EUNKNOWN" where the runtime gave none. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }

  /**
   * Wraps what a runtime threw or emitted. Where several addresses of one name failed, the most telling failure
   * speaks: `localhost` without IPv6 and without a server is ECONNREFUSED, not EADDRNOTAVAIL.
   */
  static from(cause: unknown): SocketError {
    if (cause instanceof SocketError) return cause;
    const told = cause instanceof AggregateError ? mostTelling(cause) : cause;
    const message = told instanceof Error ? told.message : String(told);
    return new SocketError(codeOf(told) ?? "EUNKNOWN", message, cause);
  }
}

/** The `code` of a runtime's error, where it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && code !== "" ? code : undefined;
}

function mostTelling(several: AggregateError): unknown {
  const coded = several.errors.filter((error) => codeOf(error) !== undefined);
  return coded.find((error) => !ROUTING.has(codeOf(error)!)) ?? coded[0] ?? several;
}

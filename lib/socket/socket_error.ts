// A failure of a socket in one form, whatever runtime it comes from: a code that is stable, and a message for people.

/** Codes that say "no way there from here" for one address family, rather than what the server answered. */
const ROUTING: ReadonlySet<string> = new Set(["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** A socket's failure, told by its POSIX or TLS code ("ECONNREFUSED", "EMFILE"), never by a runtime's class. */
export class SocketError extends Error {
  override readonly name = "SocketError";
  /** The stable part: what reports group by. "EUNKNOWN" where the runtime gave none. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(withoutTraces(message), { cause });
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

/** An entry of OpenSSL's error queue: thread, number, library, function, reason, source file, line, data. */
const OPENSSL_ENTRY = /(?:[\dA-F]{8,}:)?error:[\dA-F]{8}:[^:\n]*:[^:\n]*:([^:\n]+)(?::[^:\n]+:\d+:([^\n]*))?\n?/gi;

/** The message without thread ids and the source files of a runtime's OpenSSL, which say nothing about the failure. */
function withoutTraces(message: string): string {
  const plain = message.replace(OPENSSL_ENTRY, (_entry, reason: string, data = "") => {
    return data === "" ? reason : `${reason} (${data.trim()})`;
  });
  return plain === message ? message : plain.trim();
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

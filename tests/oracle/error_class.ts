import { TransportError } from "../../lib/transport/transport_error.ts";

/**
 * The class of a failure, in words that both subjects use: this project's codes, since Go's errors have texts alone;
 * subject.go maps those to the same words.
 */
export function classOf(error: unknown): string {
  if (!(error instanceof TransportError)) return `not a TransportError: ${error}`;
  switch (error.code) {
    case "ECONNRESET":
    case "EPIPE":
      return "reset";
    case "firstByteRead":
    case "serverClosedIdle":
      return "lost";
    default:
      return error.code;
  }
}

import { TransportError } from "../transport_error.ts";

/**
 * The error for a URL that cannot be read. Where its password ends is then anybody's guess, so everything up to the last
 * @ is hidden, and there is no cause: the runtime's own error shows the whole.
 */
export function invalidUrl(input: unknown): TransportError {
  const shown = String(input).replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1***@");
  return new TransportError(`invalid URL ${JSON.stringify(shown)}`, {
    code: "invalidUrl",
    side: "local",
    phase: "write",
  });
}

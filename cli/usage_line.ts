import { CommanderError } from "commander";
import { UsageError } from "../lib/scenario/usage_error.ts";
import { TransportError } from "../lib/transport/transport_error.ts";

/** The one line for a mistake in what was asked for, or undefined where the error is another kind of failure. */
export function usageLine(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof CommanderError) return error.message;
  if (error instanceof TransportError && error.side === "local" && error.phase === "write") {
    return `request: ${error.message}`; // it cannot be encoded, so it never reached the wire
  }
  if (error instanceof TransportError && error.code === "badProxy") return error.message; // it names the variable
  return undefined;
}

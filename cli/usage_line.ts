import { CommanderError } from "commander";
import { UsageError } from "../lib/scenario/usage_error.ts";
import { TransportError } from "../lib/transport/transport_error.ts";

/** The line to print for a mistake of the user's; undefined if the error is none. */
export function usageLine(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof CommanderError) return error.message;
  if (error instanceof TransportError && error.side === "local" && error.phase === "write") {
    return `request: ${error.message}`; // it cannot be encoded, so it never reached the wire
  }
  if (error instanceof TransportError && error.code === "badProxy") return error.message; // it names the variable
  return undefined;
}

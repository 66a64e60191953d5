import { CommanderError } from "commander";
import { UsageError } from "../lib/scenario/usage_error.ts";
import { nearest } from "../lib/scenario/value/suggest.ts";
import { TransportError } from "../lib/transport/transport_error.ts";

/**
 * The one line for a mistake on the command line, or undefined where the error is another kind of failure. `flags` are
 * the ones that a mistyped flag may have meant.
 */
export function usageLine(error: unknown, flags: readonly string[]): string | undefined {
  if (error instanceof UsageError) return error.message;
  if (error instanceof CommanderError) return rephrase(error, flags);
  if (error instanceof TransportError && error.side === "local" && error.phase === "write") {
    return `request: ${error.message}`; // it cannot be encoded, so it never reached the wire
  }
  if (error instanceof TransportError && error.code === "badProxy") return error.message; // it names the variable
  return undefined;
}

/** commander's own complaints, in the form of ours: the field first, then what was expected. */
function rephrase({ code, message }: CommanderError, flags: readonly string[]): string {
  const text = message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  switch (code) {
    case "commander.unknownOption": {
      const flag = text.match(/'(-[^'=]*)/)?.[1] ?? "";
      const meant = flag.startsWith("--") ? nearest(flag, flags) : undefined;
      return `${flag}: unknown flag, ${
        meant === undefined ? "loadgen --help lists them all" : `did you mean ${meant}?`
      }`;
    }
    case "commander.optionMissingArgument":
      return `${text.match(/(--[\w-]+)/)?.[1]}: expected a value`;
    case "commander.missingArgument":
      return `${text.match(/'(.*)'/)?.[1]}: expected one`;
    case "commander.excessArguments": {
      const [, command, most, got] = text.match(/'(.*)'\. Expected (\d+) .*got (\d+)/)!;
      return `${command}: expected ${most === "0" ? "no argument" : `${most} argument`}, got ${got}`;
    }
    case "commander.invalidArgument": {
      const [, got, field, choices] = text.match(/value '(.*)' is invalid for argument '(.*)'\. .* are (.*)\./)!;
      return `${field}: expected one of ${choices}, got "${got}"`;
    }
    default:
      return text;
  }
}

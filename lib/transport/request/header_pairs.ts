import type { HeaderPair } from "../head.ts";
import { TransportError } from "../transport_error.ts";

/** Header fields as callers have them: an object, pairs, or a standard `Headers`. */
export type HeadersInput =
  | Readonly<Record<string, string | readonly string[]>>
  | Iterable<readonly [string, string]>;

/** The fields one by one, in their order. Throws a `TransportError` that names the field whose value is no text. */
export function headerPairs(input: HeadersInput | undefined): HeaderPair[] {
  if (input === undefined) return [];
  if (typeof input !== "object" || input === null) {
    throw refuse("badHeaders", "headers are an object, pairs of name and value, or a Headers");
  }
  const pairs: HeaderPair[] = [];
  if (Symbol.iterator in input) {
    for (const [name, value] of input) pairs.push([name, text(name, value)]);
    return pairs;
  }
  for (const [name, value] of Object.entries(input)) {
    if (Array.isArray(value)) { for (const each of value) pairs.push([name, text(name, each)]); }
    else pairs.push([name, text(name, value)]);
  }
  return pairs;
}

/** Callers without a type checker give `undefined` for a key that is not set, and numbers. */
function text(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  const found = value === null ? "null" : typeof value;
  throw refuse("badHeaderValue", `invalid header field value for ${JSON.stringify(name)}: expected text, got ${found}`);
}

function refuse(code: string, message: string): TransportError {
  return new TransportError(message, { code, side: "local", phase: "write" });
}

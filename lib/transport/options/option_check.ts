// Refuses options that a type checker would refuse, for callers who have none.

import { TransportError } from "../transport_error.ts";

/** What `typeof` may say of an option, or "array"; a URL is an object. */
type Kind = "number" | "boolean" | "string" | "function" | "object" | "array" | "bytes";

/** Every option with what it may be. */
export type Kinds<Options> = { readonly [Name in keyof Required<Options>]: readonly Kind[] };

/**
 * Refuses what the type checker would have: a name that nobody knows, and a value of another kind, which would count
 * as no limit, or as one that lets nothing through, without a word. Values may be secrets: only one that is to be a
 * number is shown.
 */
export function checkOptions<Options extends object>(options: Options, kinds: Kinds<Options>, prefix = ""): void {
  if (kindOf(options) !== "object") throw badOption(`expected an object, got ${kindOf(options)}`, prefix.slice(0, -1));
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name)) throw badOption("there is none of this name", prefix + name);
    if (value === undefined) continue;
    const allowed = kinds[name as keyof Options];
    const kind = kindOf(value);
    if (allowed.includes(kind as Kind)) continue;
    const got = allowed[0] === "number" ? shown(value) : kind;
    throw badOption(`expected ${allowed.map(article).join(" or ")}, got ${got}`, prefix + name);
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Number.isNaN(value)) return "NaN";
  if (Array.isArray(value)) return "array";
  return value instanceof Uint8Array ? "bytes" : typeof value;
}

function article(kind: Kind): string {
  if (kind === "bytes") return "bytes";
  return /^[ao]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function badOption(problem: string, name: string): TransportError {
  const message = name === "" ? `invalid options: ${problem}` : `invalid option ${name}: ${problem}`;
  return new TransportError(message, { code: "badOption", side: "local", phase: "pool" });
}

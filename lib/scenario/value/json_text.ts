// JSON as somebody typed it: the value, and the line and column of whatever is wrong in it.

import { type DocumentNode, type MemberNode, parse, tokenize, type ValueNode } from "@humanwhocodes/momoa";
import { UsageError } from "../usage_error.ts";

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What the parser throws; its class is not exported. */
interface ParserError extends Position {
  readonly offset: number;
}

/** Deeper than any scenario; the stack of what looks for positions holds more. */
const MAX_DEPTH = 100;

/** A parsed JSON text that can say where each of its fields stands. */
export class JsonText {
  readonly value: unknown;
  readonly #text: string;
  #document: DocumentNode | undefined;

  /** Throws a `UsageError` with line and column if the text is not JSON (RFC 8259). `where` is its name there. */
  constructor(text: string, where: string) {
    this.#text = text.replace(/^\uFEFF/, ""); // RFC 8259 §8.1 lets a reader ignore a byte order mark
    try {
      this.value = JSON.parse(this.#text);
    } catch {
      const { problem, line, column } = firstError(this.#text);
      throw new UsageError(where, `expected JSON, got ${problem} in line ${line}, column ${column}`);
    }
    if (isDeep(this.value)) throw new UsageError(where, `expected JSON at most ${MAX_DEPTH} levels deep`);
  }

  /** Where the value at a path begins; for a path that leads nowhere, where its nearest ancestor begins. */
  position(path: readonly PropertyKey[]): Position {
    let node = this.#body();
    for (const step of path) {
      const next = child(node, step);
      if (next === undefined) break;
      node = next;
    }
    return node.loc.start;
  }

  /** Where an object repeats a name; undefined: nowhere. `JSON.parse` would keep the last value without a word. */
  repeated(): (Position & { readonly name: string }) | undefined {
    return repeatedIn(this.#body());
  }

  #body(): ValueNode {
    return (this.#document ??= parse(this.#text, { mode: "json" })).body;
  }
}

/** Level by level: a stack would not hold what it looks for. */
function isDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    level = level.flatMap((value) => typeof value === "object" && value !== null ? Object.values(value) : []);
  }
  return level.length > 0;
}

function repeatedIn(node: ValueNode): (Position & { readonly name: string }) | undefined {
  if (node.type === "Array") return firstOf(node.elements, ({ value }) => repeatedIn(value));
  if (node.type !== "Object") return undefined;
  const names = new Set<string>();
  return firstOf(node.members, ({ name, value }) => {
    const text = nameOf(name);
    if (names.has(text)) return { name: text, ...name.loc.start };
    names.add(text);
    return repeatedIn(value);
  });
}

function firstOf<T, R>(items: readonly T[], look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nameOf(name: MemberNode["name"]): string {
  return name.type === "String" ? name.value : name.name;
}

function child(node: ValueNode, step: PropertyKey): ValueNode | undefined {
  if (node.type === "Array") return node.elements[Number(step)]?.value;
  if (node.type !== "Object") return undefined;
  return node.members.find(({ name }) => nameOf(name) === step)?.value;
}

/** The runtimes' own messages differ, and most carry no position. */
function firstError(text: string): Position & { problem: string } {
  try {
    parse(text, { mode: "json" });
  } catch (error) {
    if (error instanceof RangeError) return { problem: "what is nested too deeply to tell", line: 1, column: 1 };
    const { offset, line, column } = error as ParserError;
    return { problem: problemIn(text, offset), line, column };
  }
  // The parser above lets control characters in strings pass (RFC 8259 §7 does not).
  for (const token of tokenize(text, { mode: "json" })) {
    const { start, end } = token.loc;
    // deno-lint-ignore no-control-regex
    const inside = text.slice(start.offset, end.offset).search(/[\x00-\x1f]/);
    if (token.type === "String" && inside !== -1) {
      return { problem: "an unescaped control character", ...positionOf(text, start.offset + inside) };
    }
  }
  return { problem: "something else", line: 1, column: 1 };
}

function problemIn(text: string, offset: number): string {
  if (offset >= text.length) return "the end of the text";
  return JSON.stringify(text.slice(offset).match(/^\w+|[^]/u)![0]);
}

function positionOf(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

import type { GappedText } from "../../core/gapped_text.ts";

/** A field as the caller gives it, one character per byte. */
export type RequestField = readonly [name: string, value: GappedText];

/** Of several fields of this name, which is in lower case, the last one's value. */
export function lastValue(fields: readonly RequestField[], lowered: string): GappedText | undefined {
  return fields.findLast(([name]) => name.toLowerCase() === lowered)?.[1];
}

/** Whether a field of this name lists this word, both in lower case. */
export function lists(fields: readonly RequestField[], lowered: string, word: string): boolean {
  return fields.some(([name, value]) =>
    name.toLowerCase() === lowered && listItems(value).some((item) => item.toLowerCase() === word)
  );
}

/** What a field's value lists; nothing if it has gaps. */
export function listItems(value: GappedText): string[] {
  return typeof value === "string" ? value.split(",").map((item) => item.replace(/^[ \t]+|[ \t]+$/g, "")) : [];
}

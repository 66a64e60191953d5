import type { Source } from "./scope.ts";

/** Constant text, and sources of what stands between; neither of two neighbours is text. */
export type CompiledText = readonly (string | Source)[];

/** Whether a text is the same for every request. */
export function isConstant(text: CompiledText): text is readonly string[] {
  return text.every((part) => typeof part === "string");
}

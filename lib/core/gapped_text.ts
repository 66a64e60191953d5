/** Text with gaps: constant text, and between it the numbers of the values that fill the gaps. A string has no gap. */
export type GappedText = string | readonly (string | number)[];

/** Text, and a number for each gap. */
export function partsOf(text: GappedText): readonly (string | number)[] {
  return typeof text === "string" ? [text] : text;
}

/** The numbers of the values that fill its gaps, one for each gap. */
export function gapsOf(text: GappedText): number[] {
  return partsOf(text).filter((part) => typeof part === "number");
}

/** The text with its gaps filled. */
export function fillGaps(text: GappedText, values: readonly string[]): string {
  if (typeof text === "string") return text;
  let filled = "";
  for (const part of text) filled += typeof part === "string" ? part : values[part]!;
  return filled;
}

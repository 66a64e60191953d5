// Placing text on a terminal's grid: widths are terminal columns, whatever the characters and colours.

import stringWidth from "fast-string-width";

/** The columns that a text takes; colours take none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text, filled with spaces on the right. */
export function padRight(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

/** The text, filled with spaces on the left. */
export function padLeft(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - widthOf(text))) + text;
}

/** Uncoloured text cut to a width, with an ellipsis where something is missing. */
export function truncate(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const char of text) {
    if (widthOf(kept + char) > columns - 1) break;
    kept += char;
  }
  return columns > 0 ? `${kept}…` : "";
}

/** Uncoloured prose broken at spaces into lines of at most that many columns; a longer word is broken where it must be. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((word) => splitLong(word, columns))) {
    if (line === "") line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}

function splitLong(word: string, columns: number): string[] {
  if (widthOf(word) <= columns) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const char of word) {
    if (widthOf(piece + char) > columns) {
      pieces.push(piece);
      piece = "";
    }
    piece += char;
  }
  return [...pieces, piece];
}

/** Whole phrases in one line with a separator, going on in a new line where the width ends. */
export function flow(phrases: readonly string[], columns: number, separator = " · "): string[] {
  const lines: string[] = [];
  let line = "";
  for (const phrase of phrases) {
    if (line === "") line = phrase;
    else if (widthOf(line) + widthOf(separator) + widthOf(phrase) <= columns) line += separator + phrase;
    else {
      lines.push(line);
      line = phrase;
    }
  }
  if (line !== "") lines.push(line);
  return lines.flatMap((line) => widthOf(line) <= columns ? [line] : wrap(line, columns));
}

/** Two blocks of lines beside each other; the left one is as wide as told. */
export function beside(left: readonly string[], right: readonly string[], leftColumns: number): string[] {
  const rows = Math.max(left.length, right.length);
  return Array.from(
    { length: rows },
    (_, row) => (padRight(left[row] ?? "", leftColumns) + (right[row] ?? "")).trimEnd(),
  );
}

/** Lines moved to the right. */
export function indent(lines: readonly string[], columns = 2): string[] {
  return lines.map((line) => line === "" ? "" : " ".repeat(columns) + line);
}

/** Uncoloured text cut to a width in its middle: of file names, both ends tell them apart. */
export function truncateMiddle(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const chars = [...text];
  let [head, tail] = ["", ""];
  while (widthOf(head) + widthOf(tail) < columns - 1 && chars.length > 0) {
    if (widthOf(head) <= widthOf(tail)) head += chars.shift()!;
    else tail = chars.pop()! + tail;
  }
  // The last character may have been a wide one.
  return truncate(`${head}…${tail}`, columns);
}

// A rendered report as a terminal shows it.

import { stripVTControlCharacters } from "node:util";
import { widthOf } from "../../lib/report/text/layout.ts";

/** The lines without colours. */
export function screenLines(text: string): string[] {
  return stripVTControlCharacters(text).split("\n");
}

/** The width of the widest line, in terminal columns. */
export function screenWidth(text: string): number {
  return Math.max(...screenLines(text).map(widthOf));
}

/** The first line that contains a text; throws where there is none. */
export function lineWith(text: string, part: string): string {
  const line = screenLines(text).find((line) => line.includes(part));
  if (line === undefined) throw new Error(`no line with "${part}" in:\n${screenLines(text).join("\n")}`);
  return line;
}

// How a report may look in a terminal: its width, and a colour for each tone. A report reads the same without colours.

import colors from "picocolors";
import type { Text, Tone } from "../section.ts";

/** What every terminal report is told about its terminal. */
export interface RenderOptions {
  /** Widest line allowed, in terminal columns; below 40 the report stays 40 wide. */
  readonly columns: number;
  readonly color: boolean;
  /** Draw with ASCII alone: for logs and terminals that know nothing else. */
  readonly ascii?: boolean;
}

/** Wraps text in one colour, or returns it as it is. */
export type Paint = (text: string) => string;

/** A paint for each tone. */
export type Style = Readonly<Record<Tone, Paint>>;

/** The narrowest report that still makes sense; rows are laid out for at least this. */
const MIN_COLUMNS = 40;

/** The columns that may be written to. */
export function usableColumns(options: RenderOptions): number {
  return Math.max(MIN_COLUMNS, Math.floor(options.columns));
}

/** The paints of a report: all of them leave text alone where colour is off. */
export function styleFor(options: RenderOptions): Style {
  const paint = colors.createColors(options.color);
  return {
    plain: (text) => text,
    strong: paint.bold,
    faint: paint.gray,
    good: paint.green,
    bad: paint.red,
    caution: paint.yellow,
    primary: paint.cyan,
    secondary: paint.blue,
    tertiary: paint.magenta,
  };
}

/** The text without its tone. */
export function wordsOf(text: Text): string {
  return typeof text === "string" ? text : text.text;
}

/** The text in its tone, which a layout may have cut or moved to `words`. */
export function painted(text: Text, style: Style, words = wordsOf(text)): string {
  return typeof text === "string" ? words : style[text.tone](words);
}

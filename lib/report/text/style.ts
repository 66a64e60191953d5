// How a report may look: its width, and few colours with a meaning each. A report reads the same without them.

import colors from "picocolors";

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

/** The meanings that have a colour. */
export interface Style {
  readonly heading: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly caution: Paint;
  /** The main curve or bar of a picture. */
  readonly primary: Paint;
  /** The second curve of a picture. */
  readonly secondary: Paint;
  /** Curves of a size: memory. */
  readonly tertiary: Paint;
}

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
    heading: paint.bold,
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

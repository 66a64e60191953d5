// A finished page: lines with a margin, in ASCII where that is wanted, and never wider than the terminal.

import { stripVTControlCharacters } from "node:util";
import { toAscii } from "./ascii.ts";
import { indent, truncate, widthOf } from "./layout.ts";
import type { RenderOptions } from "./style.ts";

/** The free columns on the left of every page. */
export const PAGE_MARGIN = 2;

/** The lines as one text without a newline at the end. On a terminal too narrow for the layout, lines are cut. */
export function finishPage(lines: readonly string[], options: RenderOptions): string {
  const columns = Math.max(1, Math.floor(options.columns));
  const page = indent(lines, PAGE_MARGIN)
    .map((line) => widthOf(line) <= columns ? line : truncate(stripVTControlCharacters(line), columns))
    .join("\n");
  return options.ascii === true ? toAscii(page) : page;
}

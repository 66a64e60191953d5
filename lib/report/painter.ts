// Paints a section for a terminal: lines of text, none wider than told.

import { renderBars } from "./chart/bars.ts";
import { renderPanels } from "./chart/panel.ts";
import type { Block, Section } from "./section.ts";
import { renderFacts } from "./text/facts.ts";
import { flow, indent, truncateMiddle, widthOf, wrap } from "./text/layout.ts";
import { painted, type Style, wordsOf } from "./text/style.ts";
import { renderTable } from "./text/table.ts";

/** Longer lines of prose and lists are hard to read, however wide the terminal. */
const TEXT_COLUMNS = 110;

/** What stands under a section's title is moved in by this. */
const MARGIN = 2;

/** The title, its mark, and the blocks under them. */
export function renderSection({ title, mark, blocks }: Section, columns: number, style: Style): string[] {
  const margin = title === "" ? 0 : MARGIN;
  const lines = blocks.flatMap((block, index) => [
    ...(index > 0 && isParted(blocks[index - 1]!, block) ? [""] : []),
    ...renderBlock(block, columns - margin, Math.min(columns, TEXT_COLUMNS) - margin, style),
  ]);
  if (title === "") return lines;
  if (mark === undefined) return [style.strong(title), ...indent(lines, MARGIN)];
  const label = truncateMiddle(title, Math.max(MARGIN, columns - MARGIN - widthOf(wordsOf(mark))));
  return [`${style.strong(label)}  ${painted(mark, style)}`, ...indent(lines, MARGIN)];
}

/** Text goes on without a gap, and so does whatever a headline is about. */
function isParted(above: Block, below: Block): boolean {
  const isText = ({ kind }: Block) => kind === "prose" || kind === "phrases" || kind === "headline";
  return above.kind !== "headline" && !(isText(above) && isText(below));
}

function renderBlock(block: Block, columns: number, textColumns: number, style: Style): string[] {
  switch (block.kind) {
    case "headline":
      return wrap(block.text, textColumns).map((line) => style.strong(style[block.tone](line)));
    case "prose":
      return wrap(block.text, textColumns).map(style[block.tone]);
    case "phrases":
      return flow(block.phrases, textColumns).map(style[block.tone]);
    case "facts":
      return renderFacts(block.facts, textColumns, style);
    case "table":
      return renderTable(block, columns, style);
    case "panels":
      return renderPanels(block, columns, style);
    case "bars":
      return renderBars(block.bars, columns, style);
  }
}

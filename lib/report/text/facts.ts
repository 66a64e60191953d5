// A list of facts: a name, a figure, and words that explain it, all aligned.

import type { Fact } from "../section.ts";
import { flow, indent, padLeft, padRight, widthOf } from "./layout.ts";
import type { Style } from "./style.ts";

/** Details narrower than this are hard to read; they go under their fact instead. */
const MIN_DETAIL_COLUMNS = 16;

/** The facts, one or more lines each, none wider than `columns`. */
export function renderFacts(facts: readonly Fact[], columns: number, style: Style): string[] {
  const nameColumns = Math.max(...facts.map(({ name }) => widthOf(name)));
  const figureColumns = Math.max(...facts.map(({ figure }) => widthOf(figure)));
  const margin = nameColumns + 2 + figureColumns + 2;
  return facts.flatMap(({ name, figure, details = [], tone = "strong" }) => {
    const front = `${style.faint(padRight(name, nameColumns))}  ${style[tone](padLeft(figure, figureColumns))}`;
    if (columns - margin < MIN_DETAIL_COLUMNS) return [front, ...indent(flow(details, columns - 2))];
    const [first, ...rest] = flow(details, columns - margin);
    return [first === undefined ? front : `${front}  ${first}`, ...indent(rest, margin)];
  });
}

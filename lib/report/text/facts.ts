// A list of facts: a name, a figure, and words that explain it, all aligned.

import { flow, indent, padLeft, padRight, widthOf, wrap } from "./layout.ts";
import type { Paint, Style } from "./style.ts";

/** One fact; `details` are phrases that may go on in further lines. */
export interface Fact {
  readonly name: string;
  /** Shown flush right under the others. */
  readonly figure: string;
  readonly details?: readonly string[];
  readonly paint?: Paint;
}

/** Details narrower than this are hard to read; they go under their fact instead. */
const MIN_DETAIL_COLUMNS = 16;

/** The facts, one or more lines each, none wider than `columns`. */
export function renderFacts(facts: readonly Fact[], columns: number, style: Style): string[] {
  const nameColumns = Math.max(...facts.map(({ name }) => widthOf(name)));
  const figureColumns = Math.max(...facts.map(({ figure }) => widthOf(figure)));
  const margin = nameColumns + 2 + figureColumns + 2;
  return facts.flatMap(({ name, figure, details = [], paint }) => {
    const front = `${style.faint(padRight(name, nameColumns))}  ${
      (paint ?? style.strong)(padLeft(figure, figureColumns))
    }`;
    if (columns - margin < MIN_DETAIL_COLUMNS) return [front, ...indent(flow(details, columns - 2))];
    const [first, ...rest] = flow(details, columns - margin);
    return [first === undefined ? front : `${front}  ${first}`, ...indent(rest, margin)];
  });
}

/** A paragraph of prose, each line painted. */
export function renderProse(text: string, columns: number, paint: Paint): string[] {
  return wrap(text, columns).map(paint);
}

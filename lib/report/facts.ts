// A list of facts: a name, a figure, and words that explain it, all aligned.

import { flow, padLeft, padRight, widthOf, wrap } from "./layout.ts";
import type { Paint, Style } from "./style.ts";

/** One fact; `details` are phrases that may go on in further lines. */
export interface Fact {
  readonly name: string;
  /** Shown flush right under the others; empty: the details begin in its place. */
  readonly figure: string;
  readonly details?: readonly string[];
  readonly paint?: Paint;
}

/** The facts, one or more lines each, none wider than `columns`. */
export function renderFacts(facts: readonly Fact[], columns: number, style: Style): string[] {
  const nameColumns = Math.max(...facts.map(({ name }) => widthOf(name)));
  const figureColumns = Math.max(...facts.map(({ figure }) => widthOf(figure)));
  return facts.flatMap(({ name, figure, details = [], paint }) => {
    const margin = nameColumns + 2 + (figure === "" ? 0 : figureColumns + 2);
    const lines = flow(details, Math.max(16, columns - margin));
    const shown = figure === "" ? "" : `${(paint ?? style.strong)(padLeft(figure, figureColumns))}  `;
    const first = `${style.faint(padRight(name, nameColumns))}  ${shown}${lines[0] ?? ""}`;
    return [first.trimEnd(), ...lines.slice(1).map((line) => " ".repeat(margin) + line)];
  });
}

/** A paragraph of prose, each line painted. */
export function renderProse(text: string, columns: number, paint: Paint): string[] {
  return wrap(text, columns).map(paint);
}

// The time axis that all panels of a report share: which second lies in which column, and where its ticks are.

import { formatSeconds } from "../../core/units.ts";
import type { Curve } from "../section.ts";
import { widthOf } from "../text/layout.ts";

/** `columns` columns over `seconds` seconds, from 0. */
export interface TimeAxis {
  readonly seconds: number;
  readonly columns: number;
}

const REDUCTIONS: Readonly<Record<Curve["reduce"], (values: readonly number[]) => number>> = {
  largest: (values) => values.reduce((most, value) => Math.max(most, value), -Infinity),
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  middle: (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!,
};

/**
 * A value for each column. With more seconds than columns, the seconds of a column are reduced to one value; with fewer,
 * a second spreads over its columns. A column whose seconds all lack a value (null, or not there) is null.
 */
export function resample(
  seconds: readonly number[],
  { values, reduce }: Pick<Curve, "values" | "reduce">,
  axis: TimeAxis,
): (number | null)[] {
  const columns = Array.from({ length: axis.columns }, (): number[] => []);
  // By the values, not the seconds: a file may name any second as its last.
  seconds.forEach((second, index) => {
    const value = values[index]!;
    if (value === null) return;
    // The last second may be cut short: it has the columns that are left, one at least.
    const last = Math.min(axis.columns, Math.ceil((second + 1) * axis.columns / axis.seconds)) - 1;
    const first = axis.seconds >= axis.columns ? last : Math.ceil(second * axis.columns / axis.seconds);
    for (let column = Math.min(first, last); column <= last; column++) columns[column]?.push(value);
  });
  return columns.map((values) => values.length === 0 ? null : REDUCTIONS[reduce](values));
}

const TICK_SECONDS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((hours) => hours * 3600),
];

/** The least distance of two tick labels. */
const TICK_COLUMNS = 12;

/**
 * The axis line and the line of labels under it, both from the first column of the charts on and one column wider, for
 * the tick at the end.
 */
export function renderTimeAxis(axis: TimeAxis): [line: string, labels: string] {
  const perColumn = axis.seconds / axis.columns;
  const every = TICK_SECONDS.find((seconds) => seconds / perColumn >= TICK_COLUMNS) ?? axis.seconds;
  const columns = axis.columns + 1;
  const line = Array<string>(columns).fill("─");
  let labels = "";
  for (let tick = 0; tick * every <= axis.seconds; tick++) {
    const column = Math.round(tick * every / perColumn);
    const label = tick === 0 ? "0" : formatSeconds(tick * every);
    line[column] = column < axis.columns ? "┬" : "╮";
    // A label stands centred under its tick, but never over the edge.
    const start = Math.min(Math.max(0, column - Math.floor(widthOf(label) / 2)), columns - widthOf(label));
    if (start > widthOf(labels) || tick === 0) labels = labels.padEnd(start) + label;
  }
  return [line.join(""), labels];
}

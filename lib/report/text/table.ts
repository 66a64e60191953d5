// Tables in the report's look: no frame, a rule under the head, names flush left, figures flush right.

import type { Column, Table, Text } from "../section.ts";
import { padLeft, padRight, truncate, truncateMiddle, widthOf, wrap } from "./layout.ts";
import { painted, type Style, wordsOf } from "./style.ts";

const GAP = 2;

/** A longer name of a column loses its middle, but for the first one, which is as wide as its rows. */
const MAX_HEAD_COLUMNS = 24;

/** A column that gives way keeps as much. */
const MIN_SHORTENED_COLUMNS = 8;

/** How wide the words are that stand in the place of a column's cells. */
const INSTEAD_COLUMNS = 18;

/** A column ready to be drawn. */
interface Laid extends Column {
  readonly align: "left" | "right";
  readonly cells: readonly Text[];
  readonly width: number;
}

/** The table's lines: head, rule, rows. Columns that have no room go on in a further table, under the rows' names. */
export function renderTable(table: Table, columns: number, style: Style): string[] {
  let laid = table.columns.map((column, index) => lay(column, index, table.rows));
  if (widthOfAll(laid) > columns) laid = laid.filter(({ whenNarrow }) => whenNarrow !== "leaveOut");
  const excess = Math.max(0, widthOfAll(laid) - columns);
  laid = laid.map((column) => column.whenNarrow === "shorten" ? shortened(column, excess) : column);
  return groupsThatFit(laid, columns).flatMap((group, index) => [
    ...(index === 0 ? [] : [""]),
    ...linesOf(group, table.rows.length, style),
  ]);
}

function lay(column: Column, index: number, rows: Table["rows"]): Laid {
  const name = index === 0 ? column.name : truncateMiddle(column.name, MAX_HEAD_COLUMNS);
  const cells = column.instead === undefined ? rows.map((row) => row[index]!) : inPlace(column.instead, rows.length);
  const width = Math.max(widthOf(name), ...cells.map((cell) => widthOf(wordsOf(cell))));
  return { align: index === 0 ? "left" : "right", ...column, name, cells, width };
}

/** Words that run down a column; dots where it is too short for them. */
function inPlace(text: Text, rows: number): Text[] {
  const lines = wrap(wordsOf(text), INSTEAD_COLUMNS);
  return Array.from({ length: rows }, (_, row) => {
    const words = row === rows - 1 && lines.length > rows ? "…" : lines[row] ?? "";
    return typeof text === "string" ? words : { text: words, tone: text.tone };
  });
}

function shortened(column: Laid, excess: number): Laid {
  return { ...column, width: Math.max(Math.min(MIN_SHORTENED_COLUMNS, column.width), column.width - excess) };
}

function widthOfAll(columns: readonly Laid[]): number {
  return columns.reduce((sum, { width }) => sum + GAP + width, -GAP);
}

/** As many columns at a time as the width takes, at least one, each time after the one with the names. */
function groupsThatFit([names, ...others]: readonly Laid[], columns: number): Laid[][] {
  const groups: Laid[][] = [];
  for (const column of others) {
    const group = groups.at(-1);
    if (group !== undefined && widthOfAll([...group, column]) <= columns) group.push(column);
    else groups.push([names!, column]);
  }
  return groups;
}

function linesOf(columns: readonly Laid[], rows: number, style: Style): string[] {
  const line = (cellOf: (column: Laid) => Text): string =>
    columns.map((column) => {
      const words = truncate(wordsOf(cellOf(column)), column.width);
      const pad = column.align === "left" ? padRight : padLeft;
      return pad(painted(cellOf(column), style, words), column.width);
    }).join(" ".repeat(GAP)).trimEnd();
  return [
    line(({ name }) => ({ text: name, tone: "strong" })),
    style.faint("─".repeat(widthOfAll(columns))),
    ...Array.from({ length: rows }, (_, row) => line(({ cells }) => cells[row]!)),
  ];
}

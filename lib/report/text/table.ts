// Tables in the report's look: no frame, a rule under the head, figures flush right. cli-table3 lays them out.

import Table from "cli-table3";
import type { Style } from "./style.ts";

/** A table's contents; the first column holds the names of the rows. */
export interface TableContent {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Where the columns differ from the usual: names flush left, figures flush right, each as wide as its widest cell. */
export interface TableOptions {
  readonly align?: readonly ("left" | "right")[];
}

/** Columns are parted by two spaces. */
export const TABLE_GAP = 2;

/** The table's lines: head, rule, rows. */
export function renderTable(content: TableContent, style: Style, options: TableOptions = {}): string[] {
  const table = new Table({
    head: content.head.map((name) => style.strong(name)),
    colAligns: content.head.map((_, column) => options.align?.[column] ?? (column === 0 ? "left" : "right")),
    chars: RULE_UNDER_HEAD,
    // The colours are the cells' own; cli-table3 would paint the head red.
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  table.push(...content.rows.map((row) => [...row]));
  return table.toString().split("\n").map((line, row) => row === 1 ? style.faint(line) : line.trimEnd());
}

/** A compact table draws `mid` once, under the head. */
const RULE_UNDER_HEAD = {
  "top": "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  "bottom": "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  "left": "",
  "left-mid": "",
  "mid": "─",
  "mid-mid": "─".repeat(TABLE_GAP),
  "right": "",
  "right-mid": "",
  "middle": " ".repeat(TABLE_GAP),
} as const;

import { styleFor } from "../../lib/report/text/style.ts";
import { renderTable } from "../../lib/report/text/table.ts";

/** A table as text, as wide as it needs to be; the first column names the rows. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: "left" | "right" = "left",
): string {
  const columns = head.map((name, index) => index === 0 ? { name } : { name, align });
  return renderTable({ kind: "table", columns, rows }, Infinity, styleFor({ columns: Infinity, color: false })).join(
    "\n",
  );
}

import assert from "node:assert/strict";
import test from "node:test";
import type { Table } from "../../../lib/report/section.ts";
import { widthOf } from "../../../lib/report/text/layout.ts";
import { styleFor } from "../../../lib/report/text/style.ts";
import { renderTable } from "../../../lib/report/text/table.ts";

const style = styleFor({ columns: 80, color: false });

function rendered(table: Omit<Table, "kind">, columns = 80): string[] {
  return renderTable({ kind: "table", ...table }, columns, style);
}

const LATENCIES: Omit<Table, "kind"> = {
  columns: [{ name: "" }, { name: "response" }, { name: "lag" }, { name: "wait", whenNarrow: "leaveOut" }],
  rows: [["p50", "1.20 ms", "9 µs", "0 µs"], ["p99.9", "12.0 ms", "90 µs", "8 µs"]],
};

test("table: names flush left, figures flush right under their heads, a rule between", () => {
  assert.deepEqual(rendered(LATENCIES), [
    "       response    lag  wait",
    "────────────────────────────",
    "p50     1.20 ms   9 µs  0 µs",
    "p99.9   12.0 ms  90 µs  8 µs",
  ]);
});

test("table: where it is narrow, a column that may be left out is, and only then", () => {
  assert.equal(rendered(LATENCIES, 28)[0], "       response    lag  wait");
  assert.equal(rendered(LATENCIES, 27)[0], "       response    lag");
});

test("table: columns that do not fit go on below, under the rows' names", () => {
  assert.deepEqual(rendered(LATENCIES, 20), [
    "       response",
    "───────────────",
    "p50     1.20 ms",
    "p99.9   12.0 ms",
    "",
    "         lag",
    "────────────",
    "p50     9 µs",
    "p99.9  90 µs",
  ]);
});

test("table: a column that may be shortened gives what the others need", () => {
  const table = {
    columns: [{ name: "", whenNarrow: "shorten" }, { name: "done" }] as const,
    rows: [["head/timeout awaiting headers", "7"], ["look", "1,200"]],
  };
  assert.equal(rendered(table, 36)[2], "head/timeout awaiting headers      7");
  assert.deepEqual(rendered(table, 20).slice(2), ["head/timeout…      7", "look           1,200"]);
  assert.equal(rendered(table, 4)[2], "head/ti…      7", "but keeps eight columns");
  const short = { ...table, rows: [["look", "1,200,000"]] };
  assert.equal(rendered(short, 4)[2], "look  1,200,000");
});

test("table: a long head loses its middle", () => {
  const [head] = rendered({
    columns: [{ name: "" }, { name: `results/${"x".repeat(40)}/monday` }],
    rows: [["a", "1"]],
  });
  assert.match(head!, /^ +results\/x+…x+\/monday$/);
  assert.equal(head!.trim().length, 24);
});

test("table: words in place of cells run down their column, to the dots", () => {
  const table = (problem: string): Omit<Table, "kind"> => ({
    columns: [{ name: "" }, { name: "deno", align: "left", instead: problem }, { name: "bun" }],
    rows: [["p50", "", "1 ms"], ["p99", "", "2 ms"]],
  });
  assert.deepEqual(rendered(table("no result: SIGKILL")), [
    "     deno                 bun",
    "─────────────────────────────",
    "p50  no result: SIGKILL  1 ms",
    "p99                      2 ms",
  ]);
  assert.deepEqual(rendered(table("no result: it was ended by a signal of ours")).slice(2), [
    "p50  no result: it was  1 ms",
    "p99  …                  2 ms",
  ]);
});

test("table: wide characters and colours keep the columns", () => {
  const table = {
    columns: [{ name: "" }, { name: "負荷" }],
    rows: [["試験", { text: "1 ms", tone: "good" } as const], ["a", "20 ms"]],
  };
  const lines = renderTable({ kind: "table", ...table }, 80, styleFor({ columns: 80, color: true }));
  assert.deepEqual(lines.map(widthOf), [11, 11, 11, 11]);
  assert.equal(lines[2], "試験   \x1b[32m1 ms\x1b[39m");
});

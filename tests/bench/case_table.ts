import { RUNTIMES } from "../../cli/process/runtimes.ts";
import type { CaseRecord, Row } from "./bench_record.ts";
import { medianRatio } from "./median.ts";
import { bareName, loadgenName } from "./scripts.ts";
import { textTable } from "./text_table.ts";

/** Above this the client waited for the server now and then, and the figure may be the server's. */
export const SERVER_IS_LIMIT = 0.95;

/** The peer that a ratio is taken to in every case that it takes part in. */
const REFERENCE = "wrk";

interface Column {
  readonly head: string;
  /** Empty: not here. */
  cell(row: Row, record: CaseRecord): string;
}

function ratio(row: Row, record: CaseRecord, name: string | undefined): string {
  const other = record.rows.find((one) => one.name === name);
  return other === undefined ? "" : medianRatio(row.rounds, other.rounds).toFixed(2);
}

function cpu(us: number): string {
  return us.toFixed(us < 100 ? 1 : 0);
}

const WORKERS = /, \d+ workers$/;

const COLUMNS: readonly Column[] = [
  { head: "a second", cell: ({ rps }) => Math.round(rps).toLocaleString("en") },
  { head: `to ${REFERENCE}`, cell: (row, record) => ratio(row, record, REFERENCE) },
  {
    head: "to bare sockets",
    cell: (row, record) => {
      const runtime = RUNTIMES.find((name) => loadgenName(name) === row.name);
      return ratio(row, record, runtime && bareName(runtime));
    },
  },
  {
    head: "to 1 worker",
    cell: (row, record) => WORKERS.test(row.name) ? ratio(row, record, row.name.replace(WORKERS, "")) : "",
  },
  { head: "lag p50 µs", cell: ({ lagUs }) => lagUs?.p50.toFixed(0) ?? "" },
  { head: "lag p99 µs", cell: ({ lagUs }) => lagUs?.p99.toFixed(0) ?? "" },
  { head: "CPU µs user", cell: ({ userUs }) => cpu(userUs) },
  { head: "system", cell: ({ systemUs }) => cpu(systemUs) },
  {
    head: "KiB each",
    cell: ({ rssBytesPerHeld }) => rssBytesPerHeld === undefined ? "" : (rssBytesPerHeld / 1024).toFixed(1),
  },
  { head: "RSS MiB", cell: ({ peakRssBytes }) => (peakRssBytes / 2 ** 20).toFixed(0) },
  {
    head: "server busy",
    cell: ({ serverShare }) => `${(serverShare * 100).toFixed(0)} %${serverShare > SERVER_IS_LIMIT ? " !" : ""}`,
  },
];

/** The fastest first; columns that nobody has a figure for are left out. */
export function caseTable(record: CaseRecord): string {
  const rows = record.rows.toSorted((a, b) => b.rps - a.rps);
  const columns = COLUMNS.filter(({ cell }) => rows.some((row) => cell(row, record) !== ""));
  const head = [record.name, ...columns.map(({ head }) => head)];
  const table = textTable(
    head,
    rows.map((row) => [row.name, ...columns.map(({ cell }) => cell(row, record))]),
    "right",
  );
  const limited = rows.some(({ serverShare }) => serverShare > SERVER_IS_LIMIT);
  return table + (limited ? "\n! the server had no time left: this figure may be its own" : "");
}

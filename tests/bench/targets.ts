// What is aimed at, and whether a record has it.

import { type RuntimeName, RUNTIMES } from "../../cli/process/runtimes.ts";
import { type BenchRecord, type Row, rowOf } from "./bench_record.ts";
import { FIRST } from "./cases.ts";
import { medianRatio } from "./median.ts";
import { entrantName } from "./rounds.ts";
import { bareName, loadgenName } from "./scripts.ts";
import { textTable } from "./text_table.ts";

interface Target {
  readonly label: string;
  /** A case's name, or a pattern of it. */
  readonly bench: string | RegExp;
  /** What is held against the bound; undefined: the record does not have it. */
  figure(record: BenchRecord, bench: string, runtime: RuntimeName): number | undefined;
  readonly bound: "at least" | "at most";
  readonly aim: Readonly<Record<RuntimeName, number>>;
}

/** A target in one runtime. */
export interface Cell {
  readonly runtime: RuntimeName;
  readonly aim: string;
  readonly value: number | undefined;
  readonly met: boolean;
}

export interface TargetLine {
  readonly label: string;
  readonly cells: readonly Cell[];
}

function ratio(above: Row | undefined, below: Row | undefined): number | undefined {
  return above === undefined || below === undefined ? undefined : medianRatio(above.rounds, below.rounds);
}

function to(peer: (runtime: RuntimeName) => string): Target["figure"] {
  return (record, bench, runtime) =>
    ratio(rowOf(record, bench, loadgenName(runtime)), rowOf(record, bench, peer(runtime)));
}

function least(
  label: string,
  bench: string,
  peer: (runtime: RuntimeName) => string,
  bun: number,
  deno: number,
  node: number,
): Target {
  return { label, bench, figure: to(peer), bound: "at least", aim: { bun, deno, node } };
}

const wrk = () => "wrk";

const TARGETS: readonly Target[] = [
  least("keep-alive 64, 12 B, to wrk", FIRST, wrk, 1.05, 0.95, 0.95),
  least("the same, to bare sockets", FIRST, bareName, 0.92, 0.92, 0.92),
  least("the same, to autocannon", FIRST, () => "autocannon", 1.8, 1.7, 1.7),
  least("100 KiB, to wrk", "64 connections, 100 KiB", wrk, 0.9, 0.8, 0.9),
  least("100 KiB chunked, to wrk", "64 connections, 100 KiB chunked", wrk, 0.9, 0.8, 0.9),
  least("10 MiB, to wrk", "16 connections, 10 MiB", wrk, 0.9, 0.8, 0.9),
  least("10 MiB chunked, to wrk", "16 connections, 10 MiB chunked", wrk, 0.9, 0.8, 0.9),
  least(
    "a connection per request, to Go net/http",
    "a connection per request, 64 at once",
    () => "Go net/http",
    1.2,
    1.1,
    1.0,
  ),
  {
    label: "KiB of RSS per held connection",
    bench: /^[\d,]+ connections held$/,
    figure: (record, bench, runtime) => {
      const bytes = rowOf(record, bench, loadgenName(runtime))?.rssBytesPerHeld;
      return bytes === undefined ? undefined : bytes / 1024;
    },
    bound: "at most",
    aim: { bun: 4, deno: 8, node: 6 },
  },
  least("pipelining 16, to wrk", "pipelining 16, 64 connections, 12 B", wrk, 1, 0.9, 0.9),
  least("TLS, to wrk", "TLS, 64 connections, 12 B", wrk, 0.9, 0.8, 0.8),
  {
    label: "2 workers to 1",
    bench: "1 and 2 workers, 64 KiB in chunks of 16 B",
    figure: (record, bench, runtime) =>
      ratio(rowOf(record, bench, entrantName(loadgenName(runtime), 2)), rowOf(record, bench, loadgenName(runtime))),
    bound: "at least",
    aim: { bun: 1.7, deno: 1.7, node: 1.7 },
  },
];

/** Those whose case the record has. */
export function targetLines(record: BenchRecord): TargetLine[] {
  return TARGETS.flatMap(({ label, bench, figure, bound, aim }) => {
    const name = record.cases.find((one) => typeof bench === "string" ? one.name === bench : bench.test(one.name))
      ?.name;
    if (name === undefined) return [];
    const cells = RUNTIMES.map((runtime): Cell => {
      const value = figure(record, name, runtime);
      const met = value !== undefined && (bound === "at least" ? value >= aim[runtime] : value <= aim[runtime]);
      return { runtime, aim: `${bound === "at least" ? "≥" : "≤"} ${aim[runtime]}`, value, met };
    });
    return [{ label, cells }];
  });
}

/** Each target as met or not, with what a stored record has. */
export function targetTable(record: BenchRecord, stored: BenchRecord | undefined): string {
  const before = new Map((stored === undefined ? [] : targetLines(stored)).map((line) => [line.label, line]));
  const rows = targetLines(record).map(({ label, cells }) => [
    label,
    ...cells.map((cell, at) => cellText(cell, before.get(label)?.cells[at])),
  ]);
  return textTable(["target", ...RUNTIMES], rows);
}

function cellText({ aim, value, met }: Cell, stored: Cell | undefined): string {
  if (value === undefined) return `${aim}: –`;
  const then = stored?.value === undefined ? "" : ` (${stored.value.toFixed(2)})`;
  return `${aim}: ${value.toFixed(2)} ${met ? "✓" : "✗"}${then}`;
}

// What a run of the bench found: tables, chart and targets are renderings of this, and it is what is stored.

import type { Machine } from "./machine.ts";

/** One client in one case, the medians of its rounds. */
export interface Row {
  readonly name: string;
  /** Requests a second; connections a second where they are held. */
  readonly rps: number;
  /** Per request. */
  readonly userUs: number;
  readonly systemUs: number;
  readonly peakRssBytes: number;
  /** How busy its core the server was, from 0 to 1. */
  readonly serverShare: number;
  readonly lagUs?: { readonly p50: number; readonly p99: number };
  readonly rssBytesPerHeld?: number;
  /** Each round's requests per second; null: it failed. */
  readonly rounds: readonly (number | null)[];
}

export interface CaseRecord {
  readonly name: string;
  readonly rows: readonly Row[];
}

export interface BenchRecord {
  readonly machine: Machine;
  /** The commit that was measured; with a plus sign where files had changed since. */
  readonly commit: string;
  /** By peer. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly seconds: number;
  readonly cases: readonly CaseRecord[];
}

export function rowOf(record: BenchRecord, bench: string, name: string): Row | undefined {
  return record.cases.find((one) => one.name === bench)?.rows.find((row) => row.name === name);
}

/** JSON with a line for each row, so that a stored record's history can be read. */
export function writeRecord({ cases, ...head }: BenchRecord): string {
  const lines = cases.map(({ name, rows }) =>
    `  {"name":${JSON.stringify(name)},"rows":[\n${rows.map((row) => `   ${JSON.stringify(row)}`).join(",\n")}\n  ]}`
  );
  return `${JSON.stringify(head, undefined, 1).slice(0, -2)},\n "cases":[\n${lines.join(",\n")}\n ]\n}\n`;
}

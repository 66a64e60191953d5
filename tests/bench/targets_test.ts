import assert from "node:assert/strict";
import test from "node:test";
import { type BenchRecord, type Row, writeRecord } from "./bench_record.ts";
import { caseTable } from "./case_table.ts";
import { FIRST } from "./cases.ts";
import { chartSvg } from "./chart.ts";
import { targetLines, targetTable } from "./targets.ts";

function row(name: string, rounds: readonly (number | null)[], more: Partial<Row> = {}): Row {
  const figures = { rps: rounds[0]!, userUs: 1.5, systemUs: 5.2, peakRssBytes: 50 * 2 ** 20, serverShare: 0.5 };
  return { name, ...figures, rounds, ...more };
}

function record(...cases: BenchRecord["cases"]): BenchRecord {
  return {
    machine: { cpu: "a <fast> one", cores: 2, kernel: "6.1" },
    commit: "0123456789",
    versions: { wrk: "4.1.0" },
    rounds: 2,
    seconds: 1,
    cases,
  };
}

const KEPT_ALIVE = {
  name: FIRST,
  rows: [
    row("wrk", [100_000, 50_000]),
    row("loadgen, bun", [106_000, 53_000]),
    row("loadgen, node", [90_000, 45_000], { serverShare: 0.97 }),
    row("bare sockets, node", [100_000, 50_000]),
  ],
};

test("bench: a target is met or not in each runtime, or has no figure", () => {
  const [toWrk, toBare] = targetLines(record(KEPT_ALIVE));
  assert.deepEqual(toWrk!.cells.map(({ runtime, value, met }) => [runtime, value, met]), [
    ["node", 0.9, false],
    ["deno", undefined, false],
    ["bun", 1.06, true],
  ]);
  assert.deepEqual(toBare!.cells.map(({ value }) => value), [0.9, undefined, undefined]);
});

test("bench: memory is met where it is at most so much, and workers are held against one", () => {
  const lines = targetLines(record(
    { name: "3,000 connections held", rows: [row("loadgen, node", [9000], { rssBytesPerHeld: 6 * 1024 })] },
    {
      name: "1 and 2 workers, 64 KiB in chunks of 16 B",
      rows: [row("loadgen, node", [10]), row("loadgen, node, 2 workers", [18])],
    },
  ));
  assert.deepEqual(lines.map(({ cells: [node] }) => [node!.value, node!.met]), [[6, true], [1.8, true]]);
});

test("bench: only targets whose case was run are shown, with what was stored", () => {
  const text = targetTable(record(KEPT_ALIVE), record(KEPT_ALIVE));
  assert.match(text, /≥ 0\.95: 0\.90 ✗ \(0\.90\)/);
  assert.match(text, /≥ 1\.05: 1\.06 ✓ \(1\.06\)/);
  assert.match(text, /≥ 0\.95: –/);
  assert.doesNotMatch(text, /TLS/);
});

test("bench: a case's table names the ratios, and the rows where the server had no time left", () => {
  const text = caseTable(KEPT_ALIVE);
  assert.match(text, /^loadgen, node +90,000 +0\.90 +0\.90 +1\.5 +5\.2 +50 +97 % !$/m);
  assert.match(text, /! the server had no time left/);
  assert.doesNotMatch(text, /KiB each|lag|worker/);
});

test("bench: a record is the same once written and read", () => {
  const kept = record(KEPT_ALIVE, { name: "another", rows: [row("wrk", [1, null])] });
  assert.deepEqual(JSON.parse(writeRecord(kept)), kept);
});

test("bench: the chart has a bar for each client of the cases that there are", () => {
  const svg = chartSvg(record(KEPT_ALIVE), ["not run", FIRST]);
  assert.equal(svg.match(/<rect /g)?.length, 4);
  assert.match(svg, /106,000/);
  assert.match(svg, /a &lt;fast> one/);
});

test("bench: a case whose name ends in another's is held to its own target alone", () => {
  const tls = { name: `TLS, ${FIRST}`, rows: [row("wrk", [10]), row("loadgen, bun", [20])] };
  assert.deepEqual(targetLines(record(tls)).map(({ label }) => label), ["TLS, to wrk"]);
});

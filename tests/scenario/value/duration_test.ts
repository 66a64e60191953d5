import assert from "node:assert/strict";
import test from "node:test";
import { formatDurationMs, parseDurationMs } from "../../../lib/scenario/value/duration.ts";

const CASES: readonly (readonly [text: string, ms: number | undefined])[] = [
  ["10s", 10_000],
  ["500ms", 500],
  ["1m30s", 90_000],
  ["2h", 7_200_000],
  ["1.5s", 1500],
  ["250us", 0.25],
  ["1h1m1s1ms", 3_661_001],
  ["0", 0],
  ["0s", 0],
  ["", undefined],
  ["10", undefined],
  ["10 s", undefined],
  ["s", undefined],
  ["-1s", undefined],
  ["+1s", undefined],
  [".5s", undefined],
  ["1.s", undefined],
  ["1e3s", undefined],
  ["10parsecs", undefined],
  ["10s5", undefined],
  ["10S", undefined],
  ["10s\n", undefined],
];

test("duration: numbers with units are read, and nothing else", () => {
  for (const [text, ms] of CASES) assert.equal(parseDurationMs(text), ms, JSON.stringify(text));
});

test("duration: is written in the largest units that say it exactly", () => {
  const cases: [number, string][] = [
    [0, "0 ms"],
    [0.25, "0.25 ms"],
    [999, "999 ms"],
    [1000, "1 s"],
    [1500, "1.5 s"],
    [60_000, "1 m"],
    [90_000, "1 m 30 s"],
    [3_600_000, "1 h"],
    [3_661_001, "1 h 1 m 1.001 s"],
  ];
  for (const [ms, text] of cases) assert.equal(formatDurationMs(ms), text);
});

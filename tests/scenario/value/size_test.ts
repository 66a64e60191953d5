import assert from "node:assert/strict";
import test from "node:test";
import { formatSize, parseSizeBytes } from "../../../lib/scenario/value/size.ts";

test("size: bytes with or without a unit are read, and nothing else", () => {
  const cases: [string, number | undefined][] = [
    ["0", 0],
    ["4096", 4096],
    ["4096B", 4096],
    ["16KiB", 16_384],
    ["16KB", 16_000],
    ["1MiB", 1_048_576],
    ["1MB", 1_000_000],
    ["", undefined],
    ["KiB", undefined],
    ["-1", undefined],
    ["1.5KiB", undefined],
    ["1 KiB", undefined],
    ["1kib", undefined],
    ["1e3", undefined],
  ];
  for (const [text, bytes] of cases) assert.equal(parseSizeBytes(text), bytes, JSON.stringify(text));
});

test("size: is written in the unit that keeps it short", () => {
  const cases: [number, string][] = [[0, "0 B"], [1023, "1023 B"], [1024, "1 KiB"], [1536, "1.5 KiB"], [
    1 << 20,
    "1 MiB",
  ]];
  for (const [bytes, text] of cases) assert.equal(formatSize(bytes), text);
});

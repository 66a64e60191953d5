import assert from "node:assert/strict";
import test from "node:test";
import { formatBytes, formatCount, formatDurationUs } from "../../../lib/core/units.ts";
import { scaleForBytes, scaleForCounts, scaleFromZero } from "../../../lib/report/chart/scale.ts";

const MIB = 1024 * 1024;

test("scale: from zero, the ends and steps are round numbers in their unit", () => {
  const rows: readonly [max: number, steps: number, labels: string[]][] = [
    [0, 2, ["0", "1 µs", "2 µs"]],
    [950, 4, ["0", "250 µs", "500 µs", "750 µs", "1 ms"]],
    [5960, 4, ["0", "1.5 ms", "3 ms", "4.5 ms", "6 ms"]],
    [280_000, 4, ["0", "80 ms", "160 ms", "240 ms", "320 ms"]],
    [10_000, 2, ["0", "5 ms", "10 ms"]],
  ];
  for (const [max, steps, expected] of rows) {
    assert.deepEqual(scaleFromZero(max, steps, formatDurationUs).labels, expected);
  }
});

test("scale: of things that come in whole numbers, no step is a fraction", () => {
  const rows: readonly [max: number, labels: string[]][] = [
    [0, ["0", "1", "2"]],
    [3, ["0", "2", "4"]],
    [5, ["0", "3", "6"]],
    [64, ["0", "40", "80"]],
    [5000, ["0", "2,500", "5,000"]],
  ];
  for (const [max, expected] of rows) assert.deepEqual(scaleForCounts(max, 2, formatCount).labels, expected);
});

test("scale: memory steps in binary units and holds the whole range", () => {
  assert.deepEqual(scaleForBytes(57 * MIB, 85 * MIB, 2, formatBytes).labels, ["48 MiB", "72 MiB", "96 MiB"]);
  assert.deepEqual(scaleForBytes(0, 0, 2, formatBytes).labels, ["0", "1 B", "2 B"]);
  for (let size = 1; size < 2 ** 45; size *= 1.7) {
    const scale = scaleForBytes(size * 0.7, size, 2, formatBytes);
    assert.ok(scale.min <= size * 0.7 && scale.max >= size, `${size} is off the scale`);
    assert.ok(scale.max - scale.min <= 4 * size, `${size} is lost on the scale`);
  }
});

test("scale: a little noise on a large base does not fill the panel", () => {
  const scale = scaleForBytes(57 * MIB, 57.4 * MIB, 2, formatBytes);
  assert.ok(scale.max - scale.min >= 57 * MIB / 4);
  assert.ok(scale.min < 57 * MIB && scale.max > 57.4 * MIB);
});

import assert from "node:assert/strict";
import test from "node:test";
import {
  formatBytes,
  formatChange,
  formatCount,
  formatCounted,
  formatDurationUs,
  formatPercent,
  formatRate,
  formatSeconds,
  formatShortCount,
  formatSlope,
} from "../../lib/core/units.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Every row: what goes in, what comes out; the rows beside a unit's end are where rounding goes wrong. */
const CASES: readonly { name: string; format: (value: number) => string; rows: readonly [number, string][] }[] = [
  {
    name: "formatDurationUs",
    format: formatDurationUs,
    rows: [
      [0, "0 µs"],
      [0.4, "0.4 µs"],
      [1, "1 µs"],
      [9.94, "9.9 µs"],
      [9.96, "10 µs"],
      [853.2, "853 µs"],
      [999.4, "999 µs"],
      [999.5, "1.00 ms"],
      [1420, "1.42 ms"],
      [9994, "9.99 ms"],
      [9996, "10.0 ms"],
      [99_960, "100 ms"],
      [142_000, "142 ms"],
      [999_499, "999 ms"],
      [999_500, "1.00 s"],
      [14_200_000, "14.2 s"],
      [59_949_999, "59.9 s"],
      [59_950_000, "1 m"],
      [125_000_000, "2 m 5 s"],
      [3_600_412_000, "1 h"],
      [-1500, "-1.50 ms"],
      [NaN, "–"],
      [Infinity, "–"],
    ],
  },
  {
    name: "formatCounted",
    format: (count) => formatCounted(count, "dial"),
    rows: [[0, "0 dials"], [1, "1 dial"], [2, "2 dials"], [12_345, "12,345 dials"]],
  },
  {
    name: "formatSeconds",
    format: formatSeconds,
    rows: [[0, "0 s"], [0.5, "0.5 s"], [10, "10 s"], [60, "1 m"], [90, "1 m 30 s"], [3600, "1 h"], [5400, "1 h 30 m"]],
  },
  {
    name: "formatBytes",
    format: formatBytes,
    rows: [
      [0, "0 B"],
      [-0.01, "0 B"],
      [0.2, "0.2 B"],
      [512, "512 B"],
      [1023, "1,023 B"],
      [1023.5, "1.0 KiB"],
      [5.8 * KIB, "5.8 KiB"],
      [99.94 * KIB, "99.9 KiB"],
      [99.96 * KIB, "100 KiB"],
      [1023.6 * KIB, "1.0 MiB"],
      [12.34 * MIB, "12.3 MiB"],
      [1024 * MIB, "1.0 GiB"],
      [2048 * 1024 * MIB, "2.0 TiB"],
      [5000 * 1024 * 1024 * MIB, "5,000 TiB"],
      [-14 * MIB, "-14.0 MiB"],
      [NaN, "–"],
    ],
  },
  {
    name: "formatCount",
    format: formatCount,
    rows: [[0, "0"], [999, "999"], [1000, "1,000"], [12_345_678, "12,345,678"], [-5000, "-5,000"], [NaN, "–"]],
  },
  {
    name: "formatShortCount",
    format: formatShortCount,
    rows: [[0, "0"], [9999, "9,999"], [10_000, "10k"], [12_500, "12.5k"], [3_000_000, "3M"], [1_250_000_000, "1.25G"]],
  },
  {
    name: "formatRate",
    format: formatRate,
    rows: [
      [0, "0/s"],
      [0.25, "0.25/s"],
      [9.99, "9.99/s"],
      [499.8, "499.8/s"],
      [500, "500/s"],
      [999.96, "1,000/s"],
      [12_345.6, "12,346/s"],
    ],
  },
  {
    name: "formatPercent",
    format: formatPercent,
    rows: [
      [0, "0 %"],
      [0.0001, "<0.1 %"],
      [0.001, "0.1 %"],
      [0.2461, "24.6 %"],
      [0.9994, "99.9 %"],
      [0.9999, ">99.9 %"],
      [1, "100 %"],
      [1.5, "150.0 %"],
      [NaN, "–"],
    ],
  },
  {
    name: "formatSlope",
    format: formatSlope,
    rows: [[1, "1.000"], [0.0031, "0.0031"], [-0.5, "-0.500"], [-0.0001, "-0.00010"], [0.000012, "0.000012"], [0, "0"]],
  },
];

for (const { name, format, rows } of CASES) {
  test(`units: ${name} gives a number as people read it`, () => {
    for (const [value, text] of rows) assert.equal(format(value), text, `${name}(${value})`);
  });
}

test("units: a change has a sign, a size, and no answer without a base", () => {
  const rows: readonly [from: number, to: number, text: string][] = [
    [100, 112.5, "+12.5 %"],
    [100, 97, "-3.0 %"],
    [100, 100, "±0 %"],
    [100, 100.01, "±0 %"],
    [100, 250, "+150 %"],
    [3, 5000, "×1,667"],
    [100, 0, "-100 %"],
    [0, 0, "±0 %"],
    [0, 5, "–"],
    [-10, -5, "+50.0 %"],
  ];
  for (const [from, to, text] of rows) assert.equal(formatChange(from, to), text, `${from} → ${to}`);
});

import assert from "node:assert/strict";
import test from "node:test";
import { parseTimestamps } from "../../../lib/scenario/value/timestamps.ts";

function instants(text: string): number[] {
  return [...parseTimestamps(text, "times.txt")];
}

test("timestamps: seconds, counted from the first of them", () => {
  assert.deepEqual(instants("0\n1.5\n2"), [0, 1500, 2000]);
  assert.deepEqual(instants("10\r\n10\r\n\r\n  11.25  \r\n"), [0, 0, 1250]);
  assert.deepEqual(instants("\uFEFF5"), [0]);
});

test("timestamps: RFC 3339, with any offset, small letters, and a blank for the T", () => {
  const lines = [
    "2026-01-31T23:59:59Z",
    "2026-02-01t00:00:00.25z",
    "2026-02-01 01:00:01+01:00",
    "2026-01-31T16:30:02.5-07:30",
    "2026-02-01T00:00:02.500Z",
  ];
  assert.deepEqual(instants(lines.join("\n")), [0, 1250, 2000, 3500, 3500]);
  assert.deepEqual(instants("2016-12-31T23:59:60Z\n2017-01-01T00:00:00.5Z"), [0, 500], "a leap second");
});

test("timestamps: exact to the µs and below, however long after 1970", () => {
  const near = (text: string, ms: number) =>
    assert.ok(Math.abs(instants(text)[1]! - ms) < 1e-9, `${instants(text)[1]}`);
  near("1767225600.000001\n1767225600.000002", 0.001);
  near("1767225600.9999995\n1767225601.0000005", 0.001);
  near("2026-01-01T00:00:00.000001Z\n2026-01-01T00:00:00.000003Z", 0.002);
});

test("timestamps: what is wrong is told with its line", () => {
  const form = "expected seconds or a time such as 2026-01-31T12:00:00.5Z, got";
  const cases: readonly (readonly [text: string, problem: string])[] = [
    ["", 'expected a file with a time in each line, got "times.txt"'],
    ["\n \n", 'expected a file with a time in each line, got "times.txt"'],
    ["1\nx", `${form} "x" in line 2 of times.txt`],
    ["-1", `${form} "-1" in line 1 of times.txt`],
    ["1e3", `${form} "1e3" in line 1 of times.txt`],
    ["1,2", `${form} "1,2" in line 1 of times.txt`],
    ["2026-01-31", `${form} "2026-01-31" in line 1 of times.txt`],
    ["2026-01-31T12:00:00", `${form} "2026-01-31T12:00:00" in line 1 of times.txt`],
    ["2026-02-30T12:00:00Z", `${form} "2026-02-30T12:00:00Z" in line 1 of times.txt`],
    ["2026-13-01T12:00:00Z", `${form} "2026-13-01T12:00:00Z" in line 1 of times.txt`],
    ["2026-01-01T24:00:00Z", `${form} "2026-01-01T24:00:00Z" in line 1 of times.txt`],
    ["9".repeat(50) + "x", `${form} "${"9".repeat(39)}…" in line 1 of times.txt`],
    ["1\n\n2\n1.9", 'expected a time no earlier than that of the line above, got "1.9" in line 4 of times.txt'],
    ["0\n9999999", 'expected at most 576 h after the first line, got "9999999" in line 2 of times.txt'],
  ];
  for (const [text, problem] of cases) {
    assert.throws(() => instants(text), { name: "UsageError", field: "load.timestamps", problem }, text);
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import { renderTimeAxis, resample } from "../../../lib/report/chart/time_axis.ts";
import type { Curve } from "../../../lib/report/section.ts";

/** The values of the seconds from 0 on, in as many columns. */
function drawn(values: readonly (number | null)[], columns: number, reduce: Curve["reduce"] = "largest") {
  return resample(values.map((_, second) => second), { values, reduce }, { seconds: values.length, columns });
}

test("time axis: fewer seconds than columns spread over them", () => {
  assert.deepEqual(drawn([1, 2], 6), [1, 1, 1, 2, 2, 2]);
});

test("time axis: more seconds than columns are reduced, and a peak of one second stays", () => {
  const values = [1, 9, 1, 1, 2, 4];
  assert.deepEqual(drawn(values, 2), [9, 4]);
  assert.deepEqual(drawn(values, 2, "middle"), [1, 2]);
  assert.deepEqual(drawn(values, 2, "mean").map((value) => value!.toFixed(2)), ["3.67", "2.33"]);
});

test("time axis: every second is in some column, whatever the width", () => {
  const seconds = Array.from({ length: 3601 }, (_, second) => second);
  for (const columns of [1, 7, 60, 171, 3600, 3601, 5000]) {
    const values = drawn(seconds, columns);
    assert.equal(values.length, columns);
    assert.equal(values.at(-1), 3600);
    assert.ok(values.every((value, column) => column === 0 || value! >= values[column - 1]!));
  }
});

test("time axis: a last second that was cut short has the columns that are left, and one at least", () => {
  const values = [1, 2, 9];
  const within = (seconds: number, columns: number) =>
    resample([0, 1, 2], { values, reduce: "largest" }, { seconds, columns });
  assert.deepEqual(within(2.5, 5), [1, 1, 2, 2, 9]);
  assert.deepEqual(within(2.001, 4), [1, 1, 2, 9]);
  assert.deepEqual(within(2.001, 2), [1, 9]);
});

test("time axis: a second without a value leaves a gap", () => {
  const axis = { seconds: 3, columns: 3 };
  assert.deepEqual(resample([0, 2], { values: [1, 3], reduce: "largest" }, axis), [1, null, 3]);
  assert.deepEqual(resample([0, 2], { values: [1, null], reduce: "largest" }, axis), [1, null, null]);
});

test("time axis: a last second of any size costs no memory", () => {
  const axis = { seconds: 1e12, columns: 50 };
  assert.equal(resample([0, 1e12 - 1], { values: [1, 2], reduce: "largest" }, axis).at(-1), 2);
});

test("time axis: each label stands at its tick, and the end has one too", () => {
  for (const [seconds, columns] of [[1, 50], [10, 65], [10, 185], [3600, 65], [90, 40], [400_000, 120]] as const) {
    const [line, labels] = renderTimeAxis({ seconds, columns });
    assert.equal(line.length, columns + 1);
    assert.ok(labels.length <= columns + 1, labels);
    assert.ok(line.startsWith("┬") && labels.startsWith("0"));
    const ticks = [...line].filter((char) => char !== "─").length;
    assert.equal(labels.trim().split(/ {2,}/).length, ticks, `${line}\n${labels}`);
  }
  const [line, labels] = renderTimeAxis({ seconds: 10, columns: 60 });
  assert.equal(labels.trim().split(/ {2,}/).at(-1), "10 s");
  assert.equal(line.at(-1), "╮");
});

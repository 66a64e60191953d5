import assert from "node:assert/strict";
import test from "node:test";
import { largest, mean, middle, renderTimeAxis, resample, timeAxis } from "../../../lib/report/chart/time_axis.ts";
import type { SeriesLine } from "../../../lib/result/result.ts";
import { cleanResult } from "../../support/result_fixture.ts";

function seriesOf(live: readonly number[]): SeriesLine[] {
  const line = cleanResult().series[0]!;
  return live.map((value, second) => ({ ...line, second, live: value }));
}

test("time axis: fewer seconds than columns spread over them", () => {
  const series = seriesOf([1, 2]);
  assert.deepEqual(resample(series, timeAxis(series, 6), (line) => line.live, largest), [1, 1, 1, 2, 2, 2]);
});

test("time axis: more seconds than columns are reduced, and a peak of one second stays", () => {
  const series = seriesOf([1, 9, 1, 1, 2, 4]);
  const axis = timeAxis(series, 2);
  assert.deepEqual(resample(series, axis, (line) => line.live, largest), [9, 4]);
  assert.deepEqual(resample(series, axis, (line) => line.live, middle), [1, 2]);
  assert.deepEqual(resample(series, axis, (line) => line.live, mean).map((value) => value!.toFixed(2)), [
    "3.67",
    "2.33",
  ]);
});

test("time axis: every second is in some column, whatever the width", () => {
  const series = seriesOf(Array.from({ length: 3601 }, (_, second) => second));
  for (const columns of [1, 7, 60, 171, 3600, 3601, 5000]) {
    const values = resample(series, timeAxis(series, columns), (line) => line.live, largest);
    assert.equal(values.length, columns);
    assert.equal(values.at(-1), 3600);
    assert.ok(values.every((value, column) => column === 0 || value! >= values[column - 1]!));
  }
});

test("time axis: a second without a value leaves a gap", () => {
  const series = seriesOf([1, 2, 3]).filter(({ second }) => second !== 1);
  assert.deepEqual(resample(series, timeAxis(series, 3), (line) => line.live, largest), [1, null, 3]);
  const none = resample(series, timeAxis(series, 3), (line) => line.second === 2 ? undefined : line.live, largest);
  assert.deepEqual(none, [1, null, null]);
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

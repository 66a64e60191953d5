import assert from "node:assert/strict";
import test from "node:test";
import { comparedPanels, timelineSection } from "../../../lib/report/section/timeline.ts";
import type { Result, ResultLine } from "../../../lib/result/result.ts";
import {
  allFailedResult,
  cleanResult,
  emptyResult,
  fetchResult,
  hourResult,
  leakingResult,
} from "../../support/result_fixture.ts";
import { blockOf, proseOf } from "../blocks.ts";

function panelOf(result: Result, title: string) {
  return blockOf(timelineSection(result), "panels").panels.find((panel) => panel.title === title)!;
}

/** A clean run of ten seconds with another last one. */
function withLast(line: Partial<ResultLine>): Result {
  const result = cleanResult();
  return { ...result, series: [...result.series.slice(0, -1), { ...result.series.at(-1)!, ...line }] };
}

test("timeline: latency, connections, memory and rate over the seconds of the run", () => {
  const panels = blockOf(timelineSection(cleanResult()), "panels");
  assert.deepEqual(panels.panels.map(({ title }) => title), [
    "Response time",
    "Live connections",
    "Memory (RSS)",
    "Completed",
  ]);
  assert.equal(panels.spanSeconds, 10);
  assert.deepEqual(panels.seconds, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("timeline: a run without a second says so", () => {
  assert.deepEqual(proseOf(timelineSection(emptyResult())).map(({ text }) => text), [
    "The run ended before its first second was recorded.",
  ]);
});

test("timeline: a second in which nothing ended has no latency", () => {
  const result = cleanResult();
  const series = result.series.map((line) => line.second === 4 ? { ...line, completed: 0 } : line);
  for (const { values } of panelOf({ ...result, series }, "Response time").curves) {
    assert.deepEqual(values.flatMap((value, second) => value === null ? [second] : []), [4]);
  }
  assert.ok(panelOf(allFailedResult(), "Response time").curves[0]!.values.every((value) => value === 228));
});

test("timeline: requests that wait have a curve where any do", () => {
  const [live, waiting] = panelOf(hourResult(), "Live connections").curves;
  assert.deepEqual([live!.name, live!.shape, waiting!.name, waiting!.shape], ["live", "area", "waiting", "line"]);
  assert.equal(waiting!.figure, "0 → 120, peak 240");
  assert.equal(waiting!.values[0], null, "nobody waits: no line at zero");
  assert.deepEqual(panelOf(leakingResult(), "Live connections").curves.map(({ name }) => name), [""]);
});

test("timeline: a last second that was cut short counts for what there was of it", () => {
  for (const [lengthMs, rate] of [[500, 1000], [200, null]] as const) {
    const result = withLast({ lengthMs });
    assert.equal(panelOf(result, "Completed").curves[0]!.values.at(-1), rate);
    assert.equal(blockOf(timelineSection(result), "panels").spanSeconds, 9 + lengthMs / 1000);
    const before = { ...withLast({ lengthMs: undefined }), durationMs: 9_000 + lengthMs };
    assert.equal(panelOf(before, "Completed").curves[0]!.values.at(-1), rate, "a file that does not say it");
  }
});

test("timeline: answers in the grace are no rate of the load, and are drawn as what they are", () => {
  const result = withLast({ lengthMs: 1000, graceMs: 600, answeredInGrace: 300 });
  const [sending, grace, ...more] = panelOf({ ...result, rps: { ...result.rps, answeredInGrace: 300 } }, "Completed")
    .curves;
  assert.deepEqual([sending!.name, grace!.name, grace!.figure, more.length], [
    "while sending",
    "in the grace",
    "300",
    0,
  ]);
  assert.deepEqual([sending!.values[8], sending!.values[9]], [500, 500], "200 of them in 0.4 s");
  assert.deepEqual([grace!.values[8], grace!.values[9]], [null, 500]);
  const after = withLast({ lengthMs: 900, graceMs: 900, answeredInGrace: 500 });
  assert.equal(panelOf(after, "Completed").curves[0]!.values[9], null, "no collapse of the rate");
  assert.equal(panelOf(withLast({ lengthMs: 3, graceMs: 3 }), "Completed").curves.length, 1, "too short to be drawn");
});

test("timeline: of a peak in a column the largest stays, of medians the middle one", () => {
  const reduce = (title: string) => panelOf(cleanResult(), title).curves.map((curve) => curve.reduce);
  assert.deepEqual(reduce("Response time"), ["largest", "middle"]);
  assert.deepEqual([...reduce("Live connections"), ...reduce("Memory (RSS)")], ["largest", "largest"]);
  assert.deepEqual(reduce("Completed"), ["mean"]);
});

test("timeline: compared runs are drawn over axes that hold all of them", () => {
  const all = [cleanResult(), leakingResult()];
  const [a, b] = all.map((result) => comparedPanels(result, all));
  assert.deepEqual(a!.panels.map(({ scale }) => scale), b!.panels.map(({ scale }) => scale));
  assert.deepEqual(a!.panels[0]!.scale.labels, ["0", "2,500", "5,000"]);
});

test("timeline: of a fetch, calls are drawn", () => {
  assert.equal(blockOf(timelineSection(fetchResult()), "panels").panels[1]!.title, "Open calls");
});

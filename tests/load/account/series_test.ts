import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { type Fold, Series, type SeriesLine } from "../../../lib/load/account/series.ts";
import { Tally } from "../../../lib/load/account/tally.ts";
import { LatencyRecorder } from "../../../lib/record/latency_recorder.ts";
import { collectRounds } from "../../support/collect_garbage.ts";

const SAMPLE = { rssBytes: 80_000_000, heapBytes: 20_000_000, externalBytes: 4_000_000, cpuUs: 0, runnableUs: 0 };
const COUNTS = { dialing: 0, inUse: 1, idle: 2, waiting: 0, heldBodies: 0 };

function foldAt(elapsedMs: number, offered = 0): Fold {
  return { elapsedMs, dispatchedForMs: elapsedMs, offered, sample: SAMPLE, counts: COUNTS, lateUs: 0, oldestMs: 0 };
}

async function retainedBytes(): Promise<number> {
  await collectRounds(3);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("series: an hour of lines costs less than four megabytes", async () => {
  const series = new Series(new Tally(), new LatencyRecorder(), SAMPLE, false);
  series.fold(foldAt(1000, 1));
  const before = await retainedBytes();
  for (let second = 2; second <= 3600; second++) {
    series.fold({ ...foldAt(second * 1000 + 0.5, second), sample: { ...SAMPLE, cpuUs: second * 1e5 + 0.5 } });
  }
  const grown = await retainedBytes() - before;
  assert.equal(series.lines.length, 3600);
  assert.ok(grown < 4_000_000, `${grown} bytes more`);
});

test("series: no percentile of a line is above what was measured", () => {
  const tally = new Tally();
  const loopDelay = new LatencyRecorder();
  const series = new Series(tally, loopDelay, SAMPLE, false);
  for (const recorder of [...Object.values(tally.clocks), loopDelay]) recorder.recordMs(16.179);
  const { p50Us, p99Us, maxUs, lagP99Us, waitP99Us, loopDelayP99Us } = series.fold(foldAt(1000));
  assert.deepEqual([p50Us, p99Us, maxUs, lagP99Us, waitP99Us, loopDelayP99Us], new Array(6).fill(16_179));
});

test("series: a run that ended before its first request was due has a line of no length", () => {
  const line = new Series(new Tally(), new LatencyRecorder(), SAMPLE, false).fold(foldAt(-5));
  assert.deepEqual([line.lengthMs, line.graceMs], [0, undefined]);
});

test("series: each line is told with its length while the second's latencies are still there", () => {
  const tally = new Tally();
  const told: [line: SeriesLine, latencies: number][] = [];
  const series = new Series(tally, new LatencyRecorder(), SAMPLE, false, (line) => {
    told.push([line, tally.clocks.response.interval.totalCount]);
  });
  tally.clocks.response.recordMs(5);
  series.fold(foldAt(1000));
  tally.clocks.response.recordMs(5);
  tally.clocks.response.recordMs(5);
  series.fold(foldAt(3100)); // the event loop stood still
  series.fold(foldAt(3100));
  series.fold(foldAt(3250));
  assert.deepEqual(told.map(([{ second }]) => second), [0, 1, 2, 3]);
  assert.deepEqual(told.map(([{ lengthMs }]) => lengthMs), [1000, 1000, 1000, 250]);
  assert.deepEqual(told.map(([, latencies]) => latencies), [1, 2, 0, 0]);
  assert.equal(tally.clocks.response.total.totalCount, 3);
});

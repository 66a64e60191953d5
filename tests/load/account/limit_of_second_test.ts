import assert from "node:assert/strict";
import test from "node:test";
import { type Fold, Series } from "../../../lib/load/account/series.ts";
import { Tally } from "../../../lib/load/account/tally.ts";
import { LatencyRecorder } from "../../../lib/record/latency_recorder.ts";

const START = { rssBytes: 1, heapBytes: 1, externalBytes: 1, cpuUs: 0, runnableUs: 0 };

/** An open loop's series, with what it is made from. */
function fresh(unpaced = false) {
  const tally = new Tally();
  const loopDelay = new LatencyRecorder();
  const counts = { dialing: 0, inUse: 0, idle: 0, waiting: 0, heldBodies: 0 };
  const series = new Series(tally, loopDelay, START, unpaced);
  const fold = (elapsedMs: number, changes: Partial<Fold> = {}) =>
    series.fold({
      elapsedMs,
      dispatchedForMs: elapsedMs,
      offered: 0,
      sample: START,
      counts,
      lateUs: 0,
      oldestMs: 0,
      ...changes,
    });
  return { tally, loopDelay, fold };
}

test("series: a line has the second's own latencies, and the next begins anew", () => {
  const { tally, loopDelay, fold } = fresh();
  tally.clocks.response.recordMs(20);
  tally.late.sentAtOnce(1);
  tally.late.sentAfterWait(9, 8);
  loopDelay.recordMs(2);
  const { p99Us, lagP99Us, waitP99Us, loopDelayP99Us, limit } = fold(1000);
  assert.deepEqual([p99Us, lagP99Us, waitP99Us, loopDelayP99Us, limit], [20_000, 9_000, 8_000, 2_000, "server"]);
  const next = fold(2000);
  assert.deepEqual([next.p99Us, next.lagP99Us, next.waitP99Us, next.loopDelayP99Us, next.limit], [0, 0, 0, 0, "none"]);
});

test("series: requests that nobody answers count with their age, but for a few among many", () => {
  const { tally, fold } = fresh();
  tally.inFlight = 1;
  assert.equal(fold(1000, { oldestMs: 900 }).limit, "server");
  for (let i = 0; i < 200; i++) tally.clocks.response.recordMs(1);
  assert.equal(fold(2000, { oldestMs: 1900 }).limit, "none");
});

test("series: seconds that the event loop slept through are the generator's, whatever waits for an answer", () => {
  const { tally, fold } = fresh();
  tally.inFlight = 5;
  const limits = [3600, 3600, 3600].map((elapsedMs) => fold(elapsedMs, { oldestMs: 3500 }).limit);
  assert.deepEqual(limits, ["generator", "generator", "generator"]);
  assert.equal(fold(4000).limit, "none");
  const shortly = [7010, 7010, 7010].map((elapsedMs) => fold(elapsedMs, { oldestMs: 3500 }).limit);
  assert.deepEqual(shortly, ["generator", "generator", "generator"], "the last one ended just before it awoke");
});

test("series: answers that come when the event loop has slept are late by its sleep, and only if they are that old", () => {
  const { tally, loopDelay, fold } = fresh();
  loopDelay.recordMs(1800);
  fold(1000);
  tally.clocks.response.recordMs(2000);
  assert.equal(fold(2000).limit, "generator");
  tally.clocks.response.recordMs(20);
  assert.equal(fold(3000).limit, "server");
});

test("series: answers after the load's end were sent before it, as late as that second says", () => {
  for (const [lateMs, limit] of [[55, "generator"], [5, "server"]] as const) {
    const { tally, fold } = fresh();
    tally.late.sentAtOnce(lateMs);
    fold(1000);
    tally.clocks.response.recordMs(60);
    assert.equal(fold(1050).limit, limit);
  }
});

test("series: in a closed loop a thread without rest is the limit, else the server", () => {
  const { tally, fold } = fresh(true);
  tally.clocks.response.recordMs(2);
  assert.equal(fold(1000, { sample: { ...START, cpuUs: 400_000, runnableUs: 980_000 } }).limit, "generator");
  tally.clocks.response.recordMs(2);
  assert.equal(fold(2000, { sample: { ...START, cpuUs: 800_000, runnableUs: 1_200_000 } }).limit, "server");
});

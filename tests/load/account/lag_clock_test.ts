import assert from "node:assert/strict";
import test from "node:test";
import { LagClock } from "../../../lib/load/account/lag_clock.ts";
import { eachClock } from "../../../lib/record/clocks.ts";
import { LatencyRecorder } from "../../../lib/record/latency_recorder.ts";

test("lag: what is sent at once is all dispatch, and a wait of 0", () => {
  const late = new LagClock(eachClock(() => new LatencyRecorder()));
  late.sentAtOnce(2);
  late.sentAtOnce(4);
  for (const { interval } of [late.lag, late.dispatch]) {
    assert.deepEqual([interval.totalCount, interval.getValueAtPercentile(50)], [2, 2000]);
  }
  assert.deepEqual([late.wait.interval.totalCount, late.wait.interval.maxValue], [2, 0]);
});

test("lag: a request that waits for a connection has the wait apart from the generator's lateness", () => {
  const late = new LagClock(eachClock(() => new LatencyRecorder()));
  late.sentAtOnce(1);
  late.handedOver(3);
  late.sentAfterWait(103, 100);
  late.handedOver(5); // still waiting
  assert.deepEqual([late.lag.interval.totalCount, late.lag.interval.getValueAtPercentile(100)], [2, 103_039]);
  assert.deepEqual([late.wait.interval.totalCount, late.wait.interval.getValueAtPercentile(50)], [2, 0]);
  assert.deepEqual([late.dispatch.interval.totalCount, late.dispatch.interval.getValueAtPercentile(100)], [3, 5003]);
});

// The measured part of a run, over a load that sends nothing and on a clock that the test owns.

import assert from "node:assert/strict";
import test from "node:test";
import { INTERRUPTED } from "../../lib/load/ending.ts";
import type { Measurement } from "../../lib/load/measurement.ts";
import { Measuring } from "../../lib/load/measuring.ts";
import type { Observer, Second } from "../../lib/load/observer.ts";
import { Observers } from "../../lib/load/observers.ts";
import type { Progress } from "../../lib/load/progress.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeShard } from "../support/fake_shard.ts";

function begin(scenario: Scenario, ...observers: Observer[]) {
  const clock = new FakeClock();
  const plan = resolve(scenario);
  const shard = new FakeShard(plan, clock);
  const measuring = new Measuring(plan, shard, new Observers(observers), clock);
  return { clock, shard, measuring, run: (early?: typeof INTERRUPTED) => measuring.run(early, () => undefined) };
}

const OPEN = { load: { rps: 100, duration: "2500ms" } };

test("measuring: ten ticks a second, a line each second, and the rest of the last one", async () => {
  const ticks: Progress[] = [];
  const seconds: Pick<Second, "lengthMs" | "samples">[] = [];
  const { clock, run, measuring } = begin(OPEN, {
    tick: (now) => void ticks.push(now),
    second: ({ lengthMs, samples }) => void seconds.push({ lengthMs, samples }),
  });
  const measured = run();
  clock.advance(1100);
  measuring.mark("a change");
  clock.advance(1400);
  const { series, requests, rpsTarget, durationMs, outcome } = await measured;
  assert.deepEqual([outcome, requests.completed, rpsTarget, durationMs], ["completed", 250, 100, 2500]);
  assert.deepEqual(series.map(({ second, offered, changes }) => [second, offered, changes]), [
    [0, 100, undefined],
    [1, 100, ["a change"]],
    [2, 50, undefined],
  ]);
  assert.deepEqual(ticks.slice(0, 3).map(({ elapsedMs }) => elapsedMs), [100, 200, 300]);
  assert.deepEqual(seconds.map(({ lengthMs, samples }) => [lengthMs, samples.length]), [[1000, 10], [1000, 10], [
    500,
    6,
  ]]);
  const { rpsNow, live, totalMs, rpsTarget: aimedAt } = ticks[19]!;
  assert.deepEqual([rpsNow, live, totalMs, aimedAt], [100, 3, 2500, 100]);
});

test("measuring: memory is told at its start, its peak and its end, CPU as what the run took", async () => {
  const { clock, shard, run } = begin(OPEN);
  const measured = run();
  clock.advance(2500);
  const { rssBytes, heapBytes, cpuUs, live } = await measured;
  const { start, peak, end } = rssBytes;
  assert.deepEqual([start, peak, end], [1000, shard.sampled * 1000, shard.sampled * 1000]);
  assert.equal(heapBytes.peak, 7);
  assert.equal(cpuUs, 250_000);
  assert.deepEqual([live.start, live.end], [3, 3]);
});

test("measuring: a rule of the plan ends the load after the second that breaks it", async () => {
  const thresholds = [{ expression: "max < 50ms", abort: true }, "max < 1ms"];
  const { clock, shard, run } = begin({ load: { rps: 100, duration: "1h" }, thresholds });
  const measured = run();
  clock.advance(1500);
  assert.equal(shard.dispatching, true, "the second rule is judged at the end alone");
  shard.responseMs = 80;
  clock.advance(400);
  assert.equal(shard.dispatching, true, "not before the second is over");
  clock.advance(200);
  assert.equal(shard.dispatching, false);
  const { outcome, reason, stoppedBy } = await measured;
  assert.deepEqual([outcome, stoppedBy], ["stopped", "max < 50ms"]);
  assert.equal(reason, "max < 50ms did not hold: it was 80.0 ms after 2 s");
});

test("measuring: a second of a shard elsewhere has what that told of its end", async () => {
  const { clock, shard, run } = begin(OPEN);
  shard.told = {
    elapsedMs: 1000,
    counts: { dialing: 4, inUse: 50, idle: 6, waiting: 7, heldBodies: 8 },
    sample: { rssBytes: 1, heapBytes: 2, externalBytes: 3, cpuUs: 4, runnableUs: 5 },
  };
  const measured = run();
  clock.advance(2500);
  const [first] = (await measured).series;
  const { live, idle, dialing, waiting, heldBodies, rssBytes, heapBytes } = first!;
  assert.deepEqual([live, idle, dialing, waiting, heldBodies, rssBytes, heapBytes], [56, 6, 4, 7, 8, 1, 2]);
});

test("measuring: where the load before it ended early, nothing is sent", async () => {
  let begun = false;
  let ended: Measurement | undefined;
  const { run } = begin(OPEN, { begin: () => void (begun = true), end: (run) => void (ended = run) });
  const { outcome, requests, series } = await run(INTERRUPTED);
  assert.deepEqual([outcome, requests.offered, series.length, begun], ["interrupted", 0, 1, true]);
  assert.equal(ended, undefined, "its end is the run's to tell");
});

// What the rates of whole runs are, in simulated time: nothing is late, and every figure can be worked out by hand.

import assert from "node:assert/strict";
import test from "node:test";
import { summarize } from "../../../lib/result/summary.ts";
import type { Result } from "../../../lib/result/result.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import type { Answers } from "../../support/simulated_engine.ts";
import { simulateRun, type Steered } from "../../support/simulated_run.ts";

const SLOW: Answers = { latencyMs: 900, connections: 10 };

async function run(
  load: NonNullable<Scenario["load"]>,
  answers: Answers = {},
  { thresholds = [], steered }: { thresholds?: NonNullable<Scenario["thresholds"]>; steered?: Steered } = {},
): Promise<Result> {
  const plan = resolve({ load: { grace: "10s", ...load }, thresholds });
  const result = summarize(plan, await simulateRun(plan, answers, {}, undefined, steered));
  addsUp(result);
  return result;
}

/** The lines tell of the same answers in the same time as the run's own figures. */
function addsUp({ series, rps, requests, durationMs }: Result): void {
  const sum = (valueOf: (line: Result["series"][number]) => number | undefined) =>
    series.reduce((all, line) => all + (valueOf(line) ?? 0), 0);
  assert.equal(sum(({ completed }) => completed), requests.completed);
  assert.equal(sum(({ answeredInGrace }) => answeredInGrace), rps.answeredInGrace);
  const sendingMs = sum(({ lengthMs, graceMs = 0 }) => lengthMs! - graceMs);
  assert.ok(Math.abs(sendingMs - durationMs) <= 1, `${sendingMs} ms of ${durationMs}`);
  const expected = durationMs === 0 ? 0 : ((requests.completed - rps.answeredInGrace!) * 1000) / durationMs;
  assert.ok(Math.abs(rps.achieved - expected) < 0.001);
}

test("rates: a closed loop against a server that takes 900 ms has what was answered in its time, and no more", async () => {
  const { rps, requests, durationMs } = await run({ connections: 10, duration: "2s" }, SLOW);
  assert.deepEqual([durationMs, requests.completed], [2000, 30]);
  assert.deepEqual(rps, { target: null, achieved: 10, answeredInGrace: 10 });
});

test("rates: a server that cannot keep up is not made up for by the grace, and the rule says so", async () => {
  const thresholds = [{ expression: "rps.achieved >= 95%" }];
  const { rps, requests, thresholds: [rule] } = await run({ rps: 20, duration: "2s" }, SLOW, { thresholds });
  assert.equal(requests.completed, 40, "all of them, with time");
  assert.ok(rps.achieved <= 12 && rps.achieved + rps.answeredInGrace! / 2 === 20, JSON.stringify(rps));
  assert.equal(rule!.failed, true);
});

test("rates: a count of requests is over when the next would be due, or at a closed loop's last answer", async () => {
  const open = await run({ rps: 10, requests: 20 }, { latencyMs: 250 });
  assert.deepEqual([open.durationMs, open.rps], [2000, { target: 10, achieved: 9, answeredInGrace: 2 }]);
  const closed = await run({ connections: 4, requests: 20 }, { latencyMs: 250 });
  assert.deepEqual([closed.durationMs, closed.rps], [1250, { target: null, achieved: 16, answeredInGrace: 0 }]);
});

test("rates: of a load of one millisecond every answer comes in the grace", async () => {
  const { rps, series, durationMs } = await run({ connections: 5, duration: "1ms" }, { latencyMs: 20 });
  assert.deepEqual([durationMs, rps], [1, { target: null, achieved: 0, answeredInGrace: 5 }]);
  const [{ lengthMs, graceMs, answeredInGrace }, ...more] = series as [Result["series"][number]];
  assert.deepEqual([lengthMs, graceMs, answeredInGrace, more], [20, 19, 5, []]);
});

test("rates: a second in which the load ends knows how much of it was the grace, and those after it are nothing else", async () => {
  const { series } = await run({ rps: 10, duration: "1450ms" }, { latencyMs: 930 });
  assert.deepEqual(
    series.map(({ lengthMs, graceMs, offered, completed, answeredInGrace }) => [
      Math.round(lengthMs!),
      graceMs && Math.round(graceMs),
      offered,
      completed,
      answeredInGrace,
    ]),
    [[1000, undefined, 10, 1, undefined], [1000, 550, 5, 10, 5], [330, 330, 0, 4, 4]],
  );
});

test("rates: a load that a rule ended is measured until then", async () => {
  const thresholds = [{ expression: "max < 50ms", abort: true }];
  const { rps, outcome, durationMs } = await run({ rps: 12.5, duration: "1h" }, { latencyMs: 60 }, { thresholds });
  assert.deepEqual([outcome, durationMs, rps.target], ["stopped", 1000, 12.5]);
  assert.deepEqual([rps.achieved, rps.answeredInGrace], [12, 1]);
});

test("rates: what was asked for while paused is nothing, and another rate counts from then on", async () => {
  const paused = await run({ rps: 100, duration: "4s" }, {}, {
    steered: { 1000: { kind: "pause" }, 3000: { kind: "resume" } },
  });
  assert.deepEqual(paused.rps, { target: 50, achieved: 50, answeredInGrace: 0 });
  const faster = await run({ rps: 100, duration: "4s" }, {}, { steered: { 2000: { kind: "rate", rps: 300 } } });
  assert.deepEqual([faster.rps.target, faster.requests.offered], [200, 800]);
  const quit = await run({ rps: 100, duration: "1h" }, {}, {
    steered: { 1000: { kind: "pause" }, 2000: { kind: "quit" } },
  });
  assert.deepEqual([quit.durationMs, quit.rps.target, quit.rps.achieved], [2000, 50, 50]);
});

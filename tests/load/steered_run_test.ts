// What people do by hand to a run, in simulated time: nothing is late there, so that whatever is told to be late or to be
// the generator's fault is wrong, and what becomes of a second is exact.

import assert from "node:assert/strict";
import test from "node:test";
import type { SeriesLine } from "../../lib/load/account/series.ts";
import type { ControlCommand } from "../../lib/load/control_command.ts";
import type { Progress } from "../../lib/load/progress.ts";
import type { Result } from "../../lib/result/result.ts";
import { summarize } from "../../lib/result/summary.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";
import { simulateRun, type Steered } from "../support/simulated_run.ts";

/** The keys + + c c p p q. */
const KEYS: readonly ControlCommand[] = [
  { kind: "scale", factor: 1.1 },
  { kind: "scale", factor: 1.1 },
  { kind: "hold" },
  { kind: "close" },
  { kind: "pause" },
  { kind: "resume" },
  { kind: "quit" },
];

async function pressed(
  load: NonNullable<Scenario["load"]>,
  latencyMs: number,
  fromMs: number,
  everyMs: number,
): Promise<Result> {
  const plan = resolve({ load: { duration: "1m", grace: "2s", ...load } });
  const steered = Object.fromEntries(KEYS.map((command, index) => [fromMs + index * everyMs, command]));
  return summarize(plan, await simulateRun(plan, { latencyMs }, {}, undefined, steered));
}

for (const load of [{ rps: 100 }, { rps: 5 }, { connections: 4 }, { connections: 4, thinkTime: "100ms" }]) {
  test(`steered run: keys make nothing late and blame nobody: ${JSON.stringify(load)}`, async () => {
    // a quick closed loop takes more of this machine's time for a second than a second
    for (const latencyMs of "rps" in load ? [1, 30, 300] : [30, 300]) {
      for (const [fromMs, everyMs] of [[10, 1], [500.5, 3], [500, 150], [1500, 1300]] as const) {
        const { generator, latencyUs, series } = await pressed(load, latencyMs, fromMs, everyMs);
        const what = `answers after ${latencyMs} ms, keys from ${fromMs} ms on, ${everyMs} ms apart`;
        assert.ok(latencyUs.dispatch.max <= 1, `${latencyUs.dispatch.max} µs late: ${what}`);
        assert.deepEqual([generator.verdict, generator.limit === "generator"], ["healthy", false], what);
        assert.ok(series.every(({ limit }) => limit !== "generator"), what);
        assert.deepEqual(series.flatMap(({ changes = [] }) => changes).slice(-2), ["paused", "resumed"], what);
      }
    }
  });
}

test("steered run: in a second of a pause nobody is the limit", async () => {
  const plan = resolve({ load: { connections: 4, duration: "5s" } });
  const steered = { 1500: { kind: "pause" }, 3500: { kind: "resume" } } as const;
  const { series } = summarize(plan, await simulateRun(plan, { latencyMs: 20 }, {}, undefined, steered));
  assert.deepEqual(series.slice(0, 5).map(({ offered, limit }) => [offered > 0, limit]), [
    [true, "server"],
    [true, "server"],
    [false, "none"],
    [true, "server"],
    [true, "server"],
  ]);
});

/** Carries out an endless load that is told each command at its instant, the last of which is to quit. */
async function secondsOf(
  load: NonNullable<Scenario["load"]>,
  commands: Steered,
): Promise<readonly SeriesLine[]> {
  const plan = resolve({ load: { duration: "1h", grace: "1s", ...load } });
  const run = await simulateRun(plan, {}, {}, undefined, commands);
  assert.deepEqual([run.outcome, run.reason], ["stopped", "it was told to quit"]);
  const { offered, completed, failed, inFlight, unsent } = run.requests;
  assert.equal(offered, completed + failed + inFlight + unsent);
  return run.series;
}

test("steered run: while bodies are held, each request keeps a connection, and before and after none does", async () => {
  const series = await secondsOf({ rps: 100 }, {
    1500: { kind: "hold" },
    3500: { kind: "close" },
    5500: { kind: "quit" },
  });
  assert.deepEqual(series.map(({ offered }) => offered), [100, 100, 100, 100, 100, 50]);
  assert.deepEqual(series.map(({ live }, second) => live - (series[second - 1]?.live ?? 0)), [1, 50, 100, 50, 0, 0]);
  assert.deepEqual(series.map(({ changes }) => changes), [
    undefined,
    ["bodies held"],
    undefined,
    ["bodies read"],
    undefined,
    undefined,
  ]);
});

test("steered run: a rate holds from its instant, a pause is silence, and what it left out is not made up for", async () => {
  const series = await secondsOf({ rps: 50 }, {
    1000: { kind: "rate", rps: 200 },
    2000: { kind: "scale", factor: 1.5 },
    3000: { kind: "pause" },
    4500: { kind: "resume" },
    6000: { kind: "quit" },
  });
  assert.deepEqual(series.map(({ offered }) => offered), [50, 200, 300, 0, 150, 300]);
  assert.deepEqual(series.flatMap(({ changes = [] }) => changes), ["rate 200/s", "rate 300/s", "paused", "resumed"]);
});

test("steered run: a closed loop rests while it is paused", async () => {
  const series = await secondsOf({ connections: 4, thinkTime: "9ms" }, {
    1005: { kind: "pause" },
    3005: { kind: "resume" },
    4001: { kind: "quit" },
  });
  assert.deepEqual(series.map(({ offered }) => offered), [400, 4, 0, 400]);
});

test("steered run: a tick tells what goes on, the latency of the last second and what failed most", async () => {
  const ticks: Progress[] = [];
  const plan = resolve({ load: { rps: 100, duration: "3s", grace: "2s" } });
  const status = (index: number) => index < 100 ? 200 : 500;
  const steered = { 450: { kind: "pause" }, 950: { kind: "resume" } } as const;
  const observe = () => ({ tick: (now: Progress) => void ticks.push(now) });
  await simulateRun(plan, { latencyMs: 300, status }, {}, observe, steered);
  const at = (elapsedMs: number): Progress => ticks.find((now) => Math.round(now.elapsedMs) === elapsedMs)!;
  assert.deepEqual([400, 500, 900, 1000, 2900, 3100].map((elapsedMs) => at(elapsedMs).phase), [
    "sending",
    "paused",
    "paused",
    "sending",
    "sending",
    "grace",
  ]);
  assert.deepEqual([at(900).p50Us, at(900).errorKinds], [undefined, []], "no second is over");
  assert.deepEqual([at(1100).p99Us, at(1100).errorKinds], [300_001, []]);
  assert.deepEqual(at(2900).errorKinds, ["expect/status 500"]);
  assert.equal(at(3100).rpsTarget, undefined);
});

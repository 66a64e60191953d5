import assert from "node:assert/strict";
import test from "node:test";
import { judgeThresholds, stopRuleOf } from "../../../lib/load/judge/thresholds.ts";
import type { Measurement } from "../../../lib/load/measurement.ts";
import type { Plan } from "../../../lib/scenario/plan.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { parseThreshold, type Threshold } from "../../../lib/scenario/value/threshold.ts";
import { latenciesOf } from "../../support/clocks.ts";

const MIB = 1024 * 1024;

/** A run of 10 s: 1,000 offered, 990 completed, 10 failed; the changes say what else. */
function runOf(changes: Partial<Measurement> = {}): Measurement {
  const range = (peak: number, end: number) => ({ start: 0, peak, end });
  const run: Pick<
    Measurement,
    | "requests"
    | "answeredInGrace"
    | "rpsTarget"
    | "durationMs"
    | "live"
    | "rssBytes"
    | "latency"
    | "stoppedBy"
    | "census"
  > = {
    requests: { offered: 1000, completed: 990, failed: 10, inFlight: 0, unsent: 0, byStatus: {}, byError: {} },
    answeredInGrace: 0,
    durationMs: 10_000,
    rpsTarget: 100,
    live: range(9, 4),
    rssBytes: range(80 * MIB, 70 * MIB),
    latency: latenciesOf({ response: [...Array(98).fill(100_000), 340_000, 340_000], service: [50_000] }),
    stoppedBy: undefined,
    census: {
      live: 4,
      heldBodies: 0,
      dialing: 0,
      inUse: 0,
      idle: 4,
      waiting: 0,
      readLoops: {},
      writeLoops: {},
      totals: { dialed: 12, reused: 988, retried: 0, closed: {} },
    },
  };
  return {
    ...run,
    slopes: { connectionsPerRequest: { slope: 0.02, low: 0.01, high: 0.03 }, rssBytesPerRequest: undefined },
    ...changes,
  } as Measurement;
}

function rule(expression: string, kind: Threshold["kind"], abort = false): Threshold {
  return parseThreshold(expression, { field: "a rule", kind, abort });
}

function planOf(...thresholds: Threshold[]): Plan {
  return { ...resolve({}), thresholds };
}

/** Whether a run fails if this is so, and by which value. */
function failIf(expression: string, run = runOf()): [failed: boolean, value: number | null, lowerBound: boolean] {
  const [outcome] = judgeThresholds(planOf(rule(expression, "failIf")), run);
  return [outcome!.failed, outcome!.value, outcome!.lowerBound];
}

const CASES: readonly (readonly [expression: string, failed: boolean, value: number])[] = [
  ["p99 > 200ms", true, 340_000],
  ["p50 > 200ms", false, 100_031],
  ["max >= 340ms", true, 340_000],
  ["max < 340ms", false, 340_000],
  ["service.p99 <= 50ms", true, 50_000],
  ["errors > 9", true, 10],
  ["errors == 10", true, 10],
  ["failed > 1%", false, 1],
  ["rps.achieved < 99%", false, 99],
  ["rps.achieved < 100", true, 99],
  ["connections.live.end > 4", false, 4],
  ["connections.live.peak > 4", true, 9],
  ["connections.dialed > 10", true, 12],
  ["connections.slope > 0.01", true, 0.02],
  ["rss.end > 75MiB", false, 70 * MIB],
  ["rss.peak > 75MiB", true, 80 * MIB],
];

for (const [expression, failed, value] of CASES) {
  test(`thresholds: fail if ${expression}, of ${value}: ${failed ? "fails" : "does not"}`, () => {
    assert.deepEqual(failIf(expression), [failed, value, false]);
  });
}

test("thresholds: what must hold fails where it does not", () => {
  const outcomes = judgeThresholds(planOf(rule("p99 < 200ms", "mustHold"), rule("errors <= 1%", "mustHold")), runOf());
  assert.deepEqual(outcomes.map(({ failed }) => failed), [true, false]);
  assert.deepEqual(outcomes[0], {
    expression: "p99 < 200ms",
    kind: "mustHold",
    abort: false,
    unit: "us",
    value: 340_000,
    lowerBound: false,
    failed: true,
  });
});

test("thresholds: what the run could not measure fails its rule, whichever way it points", () => {
  const none = runOf({ latency: latenciesOf({}) });
  for (const expression of ["p99 > 1s", "p99 < 1s", "connect.max > 1s"]) {
    assert.deepEqual(failIf(expression, none), [true, null, false], expression);
  }
  assert.deepEqual(failIf("rss.slope > 1MiB"), [true, null, false]);
  const closedLoop = runOf({ rpsTarget: undefined });
  assert.deepEqual(failIf("rps.achieved < 90%", closedLoop), [true, null, false]);
});

test("thresholds: a lower bound decides what no higher value would change, and fails the rest", () => {
  const latency = latenciesOf({ response: Array(90).fill(100_000), censored: Array(10).fill(1_000_000) });
  const unanswered = runOf({ latency });
  assert.deepEqual(failIf("p50 > 200ms", unanswered), [false, 100_031, false]);
  assert.deepEqual(failIf("p99 > 200ms", unanswered), [true, 1_000_000, true]);
  assert.deepEqual(failIf("p99 > 5s", unanswered), [true, 1_000_000, true]);
  assert.deepEqual(failIf("p99 < 200ms", unanswered), [false, 1_000_000, true]);
  assert.deepEqual(failIf("max == 1s", unanswered), [true, 1_000_000, true]);
  assert.deepEqual(failIf("max == 1ms", unanswered), [false, 1_000_000, true]);
});

test("thresholds: a rule that may end a run does so once it is surely broken, and stays broken", () => {
  const abort = rule("p99 < 200ms", "mustHold", true);
  const plan = planOf(rule("errors > 1", "failIf"), abort);
  const stopWhen = stopRuleOf(plan)!;
  assert.deepEqual(stopWhen(runOf({ durationMs: 3000 })), {
    rule: "p99 < 200ms",
    reason: "p99 < 200ms did not hold: it was 340 ms after 3 s",
  });
  const calm = latenciesOf({ response: [1000] });
  assert.equal(stopWhen(runOf({ latency: calm })), undefined);
  assert.equal(stopWhen(runOf({ latency: latenciesOf({}) })), undefined, "nothing measured yet");
  const later = judgeThresholds(plan, runOf({ latency: calm, stoppedBy: "p99 < 200ms" }));
  assert.equal(later[1]!.failed, true);
});

test("thresholds: a plan without a rule that may end it asks for nothing", () => {
  assert.equal(stopRuleOf(planOf(rule("errors > 1", "failIf"))), undefined);
});

import assert from "node:assert/strict";
import test from "node:test";
import type { RequestAccount } from "../../../lib/load/account/request_tally.ts";
import { judgeThresholds, stopRuleOf } from "../../../lib/load/judge/thresholds.ts";
import type { Measurement } from "../../../lib/load/measurement.ts";
import type { Plan } from "../../../lib/scenario/plan.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { parseThreshold, type Threshold } from "../../../lib/scenario/value/threshold.ts";
import { histogramOf, latenciesOf } from "../../support/clocks.ts";

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
    | "errorLatency"
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
    errorLatency: {},
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

test("thresholds: what had no end is never answered in a percentile, and a lower bound in a mean", () => {
  const latency = latenciesOf({ response: Array(90).fill(100_000), censored: Array(10).fill(1_000_000) });
  const unanswered = runOf({ latency });
  assert.deepEqual(failIf("p50 > 200ms", unanswered), [false, 100_000, false]);
  assert.deepEqual(failIf("p90 > 200ms", unanswered), [false, 100_000, false]);
  assert.deepEqual(failIf("p91 > 200ms", unanswered), [true, null, false]);
  assert.deepEqual(failIf("p99 > 3600s", unanswered), [true, null, false]);
  assert.deepEqual(failIf("p99 < 200ms", unanswered), [false, null, false], "it is above any bound");
  assert.deepEqual(failIf("max > 5s", unanswered), [true, null, false]);
  assert.deepEqual(failIf("mean > 150ms", unanswered).slice(0, 1), [true]);
  const [failed, , lowerBound] = failIf("mean > 5s", unanswered);
  assert.deepEqual([failed, lowerBound], [true, true], "a lower bound does not decide it");
  assert.deepEqual(failIf("mean < 150ms", unanswered).slice(0, 1), [false], "no higher value would change that");
});

/** 1,000 offered, of which so many failed after 5 ms; what was answered took 100 ms. */
function failing(failed: number): Measurement {
  const completed = 1000 - failed;
  return runOf({
    requests: { offered: 1000, completed, failed, inFlight: 0, unsent: 0, byStatus: { 200: completed }, byError: {} },
    latency: latenciesOf({ response: [...Array(completed).fill(100_000), ...Array(failed).fill(5000)] }),
    errorLatency: { "expect/status 500": histogramOf(Array(failed).fill(5000)) },
  });
}

function outcomeOf(expression: string, run: Measurement, kind: Threshold["kind"] = "mustHold") {
  return judgeThresholds(planOf(rule(expression, kind)), run)[0]!;
}

test("thresholds: a latency rule is a promise to each request, which a failure breaks however fast it was", () => {
  for (const [failed, kept] of [[0, true], [10, true], [11, false], [20, false], [1000, false]] as const) {
    const { failed: broken, value, reason, notAsExpected } = outcomeOf("p99 < 200ms", failing(failed));
    assert.equal(broken, !kept, `${failed} of 1000 failed`);
    assert.equal(outcomeOf("p99 > 200ms", failing(failed), "failIf").failed, !kept);
    if (kept) assert.deepEqual([value, reason], [100_000, undefined]);
    else assert.deepEqual([value, reason, notAsExpected], [null, "notAsExpected", { count: failed, of: 1000 }]);
  }
  assert.equal(outcomeOf("p50 < 200ms", failing(20)).value, 100_000);
  assert.equal(outcomeOf("p01 < 200ms", failing(20)).value, 100_000, "the fast failures are not among its answers");
  assert.equal(outcomeOf("max < 1s", failing(1)).reason, "notAsExpected");
  assert.equal(outcomeOf("max < 1s", failing(0)).value, 100_000);
});

test("thresholds: minimum and mean are of what was answered as expected, and fail where nothing was", () => {
  for (const figure of ["min", "mean"]) {
    assert.ok(Math.abs(outcomeOf(`${figure} < 200ms`, failing(20)).value! - 100_000) < 50, figure);
    assert.equal(outcomeOf(`${figure} < 200ms`, failing(1000)).failed, true);
  }
});

test("thresholds: a rule over nothing has failed, whatever it is about", () => {
  const requests = { offered: 0, completed: 0, failed: 0, inFlight: 0, unsent: 0, byStatus: {}, byError: {} };
  const idle = runOf({ requests, latency: latenciesOf({}) });
  for (
    const expression of ["p99 > 1s", "p99 < 1s", "errors > 0", "rss.end > 1MiB", "status.5xx > 0", "leak.held > 0"]
  ) {
    const { failed, value, reason } = outcomeOf(expression, idle, "failIf");
    assert.deepEqual([failed, value, reason], [true, null, "noRequests"], expression);
  }
});

test("thresholds: statuses count by code and by class, in percent of the answers; no answer is no kept rule", () => {
  const requests = { offered: 1000, completed: 90, failed: 910, inFlight: 0, unsent: 0, byError: {} };
  const run = runOf({ requests: { ...requests, byStatus: { 200: 90, 404: 4, 500: 5, 503: 1 } } });
  const values = ["status.5xx > 9", "status.500 > 9", "status.404 > 9%", "status.5xx > 9%", "status.3xx > 0"]
    .map((expression) => failIf(expression, run).slice(0, 2));
  assert.deepEqual(values, [[false, 6], [false, 5], [false, 4], [false, 6], [false, 0]]);
  assert.deepEqual(failIf("status.2xx < 90%", run).slice(0, 2), [false, 90]);
  const none = runOf({ requests: { ...requests, byStatus: {} } });
  assert.equal(outcomeOf("status.5xx > 0", none, "failIf").reason, "noAnswers");
  assert.equal(outcomeOf("leak.held > 0", none, "failIf").reason, "noAnswers");
});

test("thresholds: bodies held count, and by the request", () => {
  const { requests, census } = runOf();
  const run = runOf({
    requests: { ...requests, byStatus: { 200: 990 } },
    census: { ...census, heldBodies: 99 },
  });
  assert.deepEqual(failIf("leak.held > 0", run), [true, 99, false]);
  assert.deepEqual(failIf("leak.heldPerRequest > 0.05", run), [true, 0.1, false]);
});

test("thresholds: a rule for one request of several is about that one alone", () => {
  const account = (offered: number, failed: number, censored: number): RequestAccount => {
    const completed = offered - failed - censored;
    return {
      offered,
      completed,
      failed,
      held: 7,
      censored,
      byStatus: { 200: completed, 500: failed },
      byError: {},
      response: histogramOf([...Array(completed).fill(1000), ...Array(failed).fill(10)]),
      failures: histogramOf(Array(failed).fill(10)),
    };
  };
  const requests = [{ name: "search" }, { name: "buy it" }, { name: "GET /{{id}}" }, { name: "idle" }];
  const plan = resolve({ baseUrl: "http://h/", requests });
  const byRequest = [account(100, 0, 0), account(100, 1, 1), account(100, 100, 0), account(0, 0, 0)];
  const judge = (expression: string) =>
    judgeThresholds({ ...plan, thresholds: [rule(expression, "mustHold")] }, runOf({ byRequest }))[0]!;
  for (
    const [expression, failed, value, reason] of [
      ["p99{search} < 2ms", false, 1000, undefined],
      ["p98{ buy it } < 2ms", false, 1000, undefined],
      ["p99{buy it} < 2ms", true, null, "notAsExpected"],
      ["errors{buy it} <= 1%", false, 1, undefined],
      ["errors{GET /{{id}}} < 100", true, 100, undefined],
      ["status.5xx{GET /{{id}}} < 1%", true, 100, undefined],
      ["status.5xx{search} < 1%", false, 0, undefined],
      ["leak.held{search} < 7", true, 7, undefined],
      ["leak.heldPerRequest{search} < 0.08", false, 0.07, undefined],
      ["errors{idle} < 1%", true, null, "noRequests"],
    ] as const
  ) {
    const outcome = judge(expression);
    assert.deepEqual([outcome.failed, outcome.value, outcome.reason], [failed, value, reason], expression);
  }
  assert.deepEqual(judge("p99{buy it} < 2ms").notAsExpected, { count: 2, of: 100 });
  const [untold] = judgeThresholds({ ...plan, thresholds: [rule("p99{search} < 2ms", "mustHold")] }, runOf());
  assert.deepEqual([untold!.failed, untold!.reason], [true, "notMeasured"], "an old journal keeps no such account");
});

test("thresholds: a run in which all fails is ended by a latency rule, and says why", () => {
  const stopWhen = stopRuleOf(planOf(rule("p99 > 200ms", "failIf", true)))!;
  const run = { ...failing(1000), durationMs: 1000 };
  assert.equal(
    stopWhen(run)!.reason,
    "p99 > 200ms came true: 100 % of requests were not answered as expected after 1 s",
  );
  assert.equal(stopWhen({ ...failing(10), durationMs: 1000 }), undefined);
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

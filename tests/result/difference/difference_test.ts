import assert from "node:assert/strict";
import test from "node:test";
import type { Difference } from "../../../lib/result/baseline_schema.ts";
import { differencesOf } from "../../../lib/result/difference/difference.ts";
import { METRICS } from "../../../lib/result/difference/metric.ts";
import { percentileSpread } from "../../../lib/result/difference/spread.ts";
import type { Result } from "../../../lib/result/result.ts";
import { t995 } from "../../../lib/record/statistics/student_t.ts";
import { BUSY, type Noise, noisyRun, QUIET, type Regression } from "../../support/noisy_runs.ts";
import { cleanResult } from "../../support/result_fixture.ts";

const PAIRS = 40;

function inMetric(differences: readonly Difference[], name: string): Difference {
  return differences.find(({ metric }) => metric === name)!;
}

/** In how many of the pairs a metric was said to differ; "any": one of them all. */
function seen(noise: Noise, regression?: Regression): (metric: string) => number {
  const pairs = Array.from(
    { length: PAIRS },
    (_, pair) =>
      differencesOf([noisyRun(2 * pair, noise)], [noisyRun(2 * pair + 1, noise, regression)])
        .filter(({ verdict }) => verdict !== "none seen").map(({ metric }) => metric),
  );
  return (metric) => pairs.filter((metrics) => metric === "any" ? metrics.length > 0 : metrics.includes(metric)).length;
}

test("difference: between two runs of the same, none is seen in 19 of 20 pairs, on a quiet machine and on a busy one", () => {
  for (const noise of [QUIET, BUSY]) assert.ok(seen(noise)("any") <= PAIRS / 20, `${seen(noise)("any")} of ${PAIRS}`);
});

test("difference: where everything is 30 % slower, it is seen", () => {
  const differs = seen(QUIET, { slower: 1.3 });
  assert.ok(differs("p50") >= 0.9 * PAIRS, `p50: ${differs("p50")}`);
  assert.ok(differs("p99") >= 0.7 * PAIRS, `p99: ${differs("p99")}`);
  assert.equal(differs("errors"), 0);
});

test("difference: where 2 % fail, the errors are seen, and no latency", () => {
  const differs = seen(QUIET, { failing: 0.02 });
  assert.ok(differs("errors") >= 0.9 * PAIRS, `errors: ${differs("errors")}`);
  assert.ok(differs("p99") <= PAIRS / 20);
});

test("difference: the same two runs are told the same, figures and interval, and the other way round as the opposite", () => {
  const [a, b] = [noisyRun(1, QUIET), noisyRun(2, QUIET, { slower: 2 })];
  const there = differencesOf([a], [b]);
  assert.deepEqual(differencesOf([a], [b]), there);
  assert.deepEqual(there.map(({ metric }) => metric), METRICS.map(({ name }) => name));
  const p99 = inMetric(there, "p99");
  assert.deepEqual([p99.a, p99.b, p99.unit], [a.latencyUs.response.p99, b.latencyUs.response.p99, "percent"]);
  assert.equal(p99.change, Number((100 * (p99.b / p99.a - 1)).toPrecision(4)));
  assert.ok(p99.low! < p99.change && p99.change < p99.high!);
  assert.equal(p99.verdict, "higher");
  const back = inMetric(differencesOf([b], [a]), "p99");
  assert.equal(back.verdict, "lower");
  assert.ok(
    Math.abs((1 + back.low! / 100) * (1 + p99.high! / 100) - 1) < 0.01,
    "intervals of ratios mirror each other",
  );
});

test("difference: where one run is unsteady, no more is known than it tells, however long and steady the other is", () => {
  const steady = noisyRun(1, { ...QUIET, seconds: 32 });
  const unsteady = noisyRun(2, { ...QUIET, seconds: 5, betweenSeconds: 1 });
  const { slow, freedom } = percentileSpread(unsteady, "response", 0.99)!;
  assert.equal(freedom, 4);
  const { low, high } = inMetric(differencesOf([steady], [unsteady]), "p99");
  const width = Math.log((100 + high!) / (100 + low!));
  assert.ok(width >= 2 * t995(freedom) * Math.sqrt(2 * slow), `${width}`);
});

test("difference: several runs tell how much runs vary, and their mean is surer than one", () => {
  const runs = (from: number, noise: Noise, regression?: Regression): Result[] =>
    [0, 1, 2, 3, 4].map((at) => noisyRun(from + at, noise, regression));
  const width = ({ low, high }: Difference): number => Math.log((100 + high!) / (100 + low!));
  const one = inMetric(differencesOf([noisyRun(1, BUSY)], [noisyRun(2, BUSY)]), "p50");
  const five = inMetric(differencesOf(runs(100, BUSY), runs(200, BUSY)), "p50");
  assert.ok(width(five) < width(one) * 0.6, `${width(five)} against ${width(one)}`);
  assert.equal(inMetric(differencesOf(runs(100, BUSY), runs(200, BUSY, { slower: 10 })), "p50").verdict, "higher");
  const apart = { ...QUIET, betweenRuns: 0.5 }; // steady within, far apart from each other: no run shows it by itself
  assert.ok(
    width(inMetric(differencesOf(runs(100, apart), runs(200, apart)), "p50")) >
      width(inMetric(differencesOf(runs(100, QUIET), runs(200, QUIET)), "p50")) * 2,
  );
});

test("difference: without blocks, or with one, there is the change alone", () => {
  const old = cleanResult();
  const short = { ...noisyRun(1, QUIET), blocks: noisyRun(1, QUIET).blocks!.slice(0, 1) };
  for (const result of [old, short]) {
    const differences = differencesOf([result], [noisyRun(2, QUIET, { slower: 5 })]);
    const { low, high, verdict, change } = inMetric(differences, "p99");
    assert.deepEqual([low, high, verdict], [null, null, "none seen"]);
    assert.ok(change > 100);
    assert.notEqual(inMetric(differences, "rss.end").low, null, "memory has a floor, which needs no block");
  }
});

test("difference: what a run does not have is left out; a rate that fell to nothing is lower", () => {
  const run = noisyRun(1, QUIET);
  const nothing: Result = { ...run, rps: { ...run.rps, achieved: 0 }, latencyUs: cleanResult().latencyUs };
  nothing.latencyUs.response = { ...nothing.latencyUs.response, count: 0 };
  const differences = differencesOf([run], [nothing]);
  assert.equal(differences.find(({ metric }) => metric === "p99"), undefined);
  const { change, low, verdict } = inMetric(differences, "rps.achieved");
  assert.deepEqual([change, low, verdict], [-100, -100, "lower"]);
  const byFetch: Result = { ...run, runtime: { ...run.runtime, socket: "fetch" } };
  const names = differencesOf([run], [byFetch]).map(({ metric }) => metric);
  assert.ok(!names.includes("connections.dialedPerRequest"), "fetch tells of no connection");
});

test("difference: every request fails where none did", () => {
  const { change, low, verdict } = inMetric(
    differencesOf([noisyRun(1, QUIET)], [noisyRun(2, QUIET, { failing: 1 })]),
    "errors",
  );
  assert.equal(change, 100);
  assert.ok(low! > 60, `${low}`);
  assert.equal(verdict, "higher");
});

import assert from "node:assert/strict";
import test from "node:test";
import { theilSen } from "../../../lib/record/statistics/slope.ts";
import { randomNumbers } from "../../support/result_fixture.ts";

const RANGE = Array.from({ length: 50 }, (_, i) => i);

test("slope: a straight line is found exactly, with nothing in doubt", () => {
  assert.deepEqual(theilSen(RANGE, RANGE.map((x) => 3 * x + 7)), { slope: 3, low: 3, high: 3 });
});

test("slope: wild samples do not move it", () => {
  const ys = RANGE.map((x) => x % 10 === 0 ? 1e6 : 2 * x);
  assert.equal(theilSen(RANGE, ys)!.slope, 2);
});

test("slope: noise without a trend has zero in its interval", () => {
  const ys = RANGE.map((x) => (x * 7919) % 13);
  const { low, high } = theilSen(RANGE, ys)!;
  assert.ok(low <= 0 && high >= 0, `${low} … ${high}`);
});

test("slope: too few samples, or requests that do not move, say nothing", () => {
  assert.equal(theilSen([1, 2, 3, 4], [1, 2, 3, 4]), undefined);
  assert.equal(theilSen(Array(20).fill(5), RANGE.slice(0, 20)), undefined);
});

/** How often the interval of 200 runs of 100 samples without a trend leaves out zero. */
function falseAlarms(samplesOf: (random: () => number) => number[]): number {
  let alarms = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const ys = samplesOf(randomNumbers(seed));
    const { low, high } = theilSen(ys.map((_, i) => i), ys)!;
    if (low > 0 || high < 0) alarms += 1;
  }
  return alarms;
}

function hundred(valueOf: (index: number) => number): number[] {
  return Array.from({ length: 100 }, (_, index) => valueOf(index));
}

test("slope: the interval of independent samples leaves out the truth about once in twenty times", () => {
  const alarms = falseAlarms((random) => hundred(() => random()));
  assert.ok(alarms >= 2 && alarms <= 20, `${alarms} of 200`);
});

test("slope: so does that of samples that remember the one before", () => {
  const alarms = falseAlarms((random) => {
    let noise = 0;
    return hundred(() => noise = 0.8 * noise + random() - 0.5);
  });
  assert.ok(alarms <= 20, `${alarms} of 200; with the variance of independent ones it is above 80`);
});

test("slope: one step and saw-teeth are no trend", () => {
  const steps = falseAlarms((random) => {
    const at = 100 * random();
    return hundred((i) => (i > at ? 10 : 0) + random());
  });
  const teeth = falseAlarms((random) => {
    const length = 3 + 40 * random();
    return hundred((i) => (i % length) / length + 0.05 * random());
  });
  assert.ok(steps <= 10 && teeth <= 10, `${steps} and ${teeth} of 200`);
});

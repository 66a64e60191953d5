import assert from "node:assert/strict";
import test from "node:test";
import { binomialInterval } from "../../../lib/record/statistics/binomial_interval.ts";

/** The exact tail of small cases, summed. */
function probabilityOfAtMost(successes: number, trials: number, p: number): number {
  let term = (1 - p) ** trials;
  let sum = term;
  for (let k = 1; k <= successes; k++) {
    term *= ((trials - k + 1) / k) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

test("binomial interval: its ends leave out 2.5 % each, to the sum of all terms", () => {
  for (const [successes, trials] of [[1, 10], [5, 10], [9, 10], [17, 117], [3, 500]] as const) {
    const { low, high } = binomialInterval(successes, trials);
    assert.ok(
      Math.abs(1 - probabilityOfAtMost(successes - 1, trials, low) - 0.025) < 1e-9,
      `${successes} of ${trials}`,
    );
    assert.ok(Math.abs(probabilityOfAtMost(successes, trials, high) - 0.025) < 1e-9, `${successes} of ${trials}`);
  }
});

test("binomial interval: of none and of all one end is certain, the other is the rule of three's", () => {
  assert.deepEqual(binomialInterval(0, 5), { low: 0, high: binomialInterval(0, 5).high });
  assert.ok(Math.abs(binomialInterval(0, 5).high - (1 - 0.025 ** (1 / 5))) < 1e-12);
  assert.ok(Math.abs(binomialInterval(5, 5).low - 0.025 ** (1 / 5)) < 1e-12);
  assert.equal(binomialInterval(5, 5).high, 1);
});

test("binomial interval: holds for the counts of long runs, where it is the normal one's", () => {
  const { low, high } = binomialInterval(50_000_000, 100_000_000);
  assert.ok(
    Math.abs(low - (0.5 - 1.96 * 0.5e-4)) < 1e-7 && Math.abs(high - (0.5 + 1.96 * 0.5e-4)) < 1e-7,
    `${low} … ${high}`,
  );
  const rare = binomialInterval(6, 60_000);
  assert.ok(
    Math.abs(rare.low * 60_000 - 2.202) < 0.001 && Math.abs(rare.high * 60_000 - 13.059) < 0.002,
    JSON.stringify(rare),
  );
});

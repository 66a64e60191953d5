import assert from "node:assert/strict";
import test from "node:test";
import { compareRounds } from "./difference.ts";
import { signTest } from "./paired_signs.ts";

const BEFORE = Array.from({ length: 12 }, (_, round) => 1000 + round);

function times(factors: readonly number[]): number[] {
  return BEFORE.map((rps, round) => rps * factors[round % factors.length]!);
}

test("bench: the sign test counts what a coin would do", () => {
  assert.equal(signTest(12, 12), 1 / 4096);
  assert.equal(signTest(11, 12), 13 / 4096);
  assert.equal(signTest(10, 12), 79 / 4096);
  assert.equal(signTest(0, 12), 1);
});

test("bench: slower in nearly every round and by enough is slower", () => {
  assert.equal(compareRounds(times([0.95]), BEFORE).verdict, "slower");
  const once = times([0.95]).map((rps, round) => round === 3 ? rps * 2 : rps);
  assert.deepEqual({ ...compareRounds(once, BEFORE), ratio: 0 }, {
    verdict: "slower",
    ratio: 0,
    slower: 11,
    pairs: 12,
  });
});

test("bench: slower in most rounds, or by a hair, is noise", () => {
  assert.equal(compareRounds(times([0.9, 0.9, 1.1]), BEFORE).verdict, "alike");
  assert.equal(compareRounds(times([0.99]), BEFORE).verdict, "alike");
  assert.equal(compareRounds(BEFORE, BEFORE).verdict, "alike");
});

test("bench: faster is said as well", () => {
  assert.equal(compareRounds(times([1.1]), BEFORE).verdict, "faster");
});

test("bench: too few rounds that both have say nothing", () => {
  const failed = BEFORE.map((rps, round) => round < 6 ? null : rps);
  assert.equal(compareRounds(times([0.5]), failed).verdict, "unknown");
  assert.equal(compareRounds([], BEFORE).verdict, "unknown");
});

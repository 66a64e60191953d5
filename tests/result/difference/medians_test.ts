import assert from "node:assert/strict";
import test from "node:test";
import { mediansOf } from "../../../lib/result/difference/medians.ts";
import { METRICS } from "../../../lib/result/difference/metric.ts";
import type { Result } from "../../../lib/result/result.ts";
import { cleanResult, fetchResult } from "../../support/result_fixture.ts";

function runs(...p99s: number[]): Result[] {
  return p99s.map((p99) => {
    const result = cleanResult();
    return { ...result, latencyUs: { ...result.latencyUs, response: { ...result.latencyUs.response, p99 } } };
  });
}

test("medians: each figure's own, of two runs the mean, of one its own", () => {
  assert.equal(mediansOf(runs(900, 100, 300))["p99"], 300);
  assert.equal(mediansOf(runs(900, 100))["p99"], 500);
  assert.equal(mediansOf(runs(700))["p99"], 700);
  assert.deepEqual(Object.keys(mediansOf(runs(1))), METRICS.map(({ name }) => name));
});

test("medians: what no run has is null", () => {
  const medians = mediansOf([fetchResult()]);
  assert.equal(medians["connections.dialedPerRequest"], null);
  assert.equal(mediansOf([fetchResult(), cleanResult()])["connections.dialedPerRequest"], 3 / 5000);
});

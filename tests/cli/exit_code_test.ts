import assert from "node:assert/strict";
import test from "node:test";
import { exitCodeOf, firstExitCode } from "../../cli/exit_code.ts";
import type { Result } from "../../lib/result/result.ts";
import { allFailedResult, cleanResult, emptyResult, ruledResult } from "../support/result_fixture.ts";

test("exit code: of several reasons the first of 1, 130, 3, 99, 4 counts", () => {
  assert.equal(exitCodeOf(cleanResult()), 0);
  assert.equal(exitCodeOf(ruledResult()), 99);
  const dead: Result = { ...allFailedResult(), outcome: "completed", outcomeReason: "" };
  assert.equal(exitCodeOf(dead), 4);
  const { thresholds } = ruledResult();
  assert.equal(exitCodeOf({ ...dead, thresholds }), 99);
  assert.equal(exitCodeOf({ ...dead, thresholds, outcome: "stopped" }), 3);
  assert.equal(exitCodeOf({ ...emptyResult(), thresholds }), 130);
  const codes = [0, 4, 99, 3, 130, 1];
  codes.forEach((code, index) => assert.equal(firstExitCode(codes.slice(0, index + 1).reverse()), code));
  assert.equal(firstExitCode([]), 0);
});

test("exit code: a run that its own rule ended has failed the rule; one that a limit ended is 3, whatever it broke", () => {
  const broken = { ...ruledResult().thresholds[0]!, abort: true };
  const stopped: Result = { ...cleanResult(), outcome: "stopped" };
  assert.equal(exitCodeOf({ ...stopped, thresholds: [{ ...broken, endedRun: true }] }), 99);
  assert.equal(exitCodeOf({ ...stopped, thresholds: [broken] }), 3);
});

import assert from "node:assert/strict";
import test from "node:test";
import { thresholdsSection } from "../../../lib/report/section/threshold_words.ts";
import type { Result } from "../../../lib/result/result.ts";
import { cleanResult, ruledResult } from "../../support/result_fixture.ts";
import { given, proseOf } from "../blocks.ts";

test("threshold words: each rule has a line with what it was, red where it failed", () => {
  const lines = (kind: "mustHold" | "failIf") =>
    proseOf(given(thresholdsSection(ruledResult(), kind))).map(({ text, tone }) => [tone, text]);
  assert.deepEqual(lines("mustHold"), [
    ["bad", "✗ p99 < 200ms: it was 340 ms"],
    ["good", "✓ errors <= 1%: it was 0.5 %"],
  ]);
  assert.deepEqual(lines("failIf"), [
    ["bad", "✗ max > 5s: it was at least 1.20 s"],
    ["bad", "✗ connect.p99 > 1s: failed, it could not be measured"],
    ["good", "✓ rss.slope > 1KiB: it was 69 B"],
  ]);
  assert.equal(thresholdsSection(cleanResult(), "failIf"), undefined);
});

test("threshold words: a rule that failed without a value says why, and a kept one is there as well", () => {
  const rule = { kind: "mustHold", abort: false, unit: "us", value: null, lowerBound: false, failed: true } as const;
  const line = (more: Partial<Result["thresholds"][number]>) => {
    const thresholds = [{ ...rule, expression: "p99 < 200ms", ...more }];
    return proseOf(given(thresholdsSection({ ...cleanResult(), thresholds }, "mustHold"))).map(({ text }) => text)
      .join();
  };
  const notAsExpected = { count: 20, of: 1000 };
  assert.equal(
    line({ reason: "notAsExpected", notAsExpected }),
    "✗ p99 < 200ms: failed, 2.0 % of requests were not answered as expected",
  );
  assert.equal(
    line({ reason: "notAsExpected", notAsExpected, failed: false, expression: "p99 > 1ms" }),
    "✓ p99 > 1ms: 2.0 % of requests were not answered as expected",
  );
  assert.equal(line({ reason: "noRequests" }), "✗ p99 < 200ms: failed, there was no request");
  const gate = { expression: "no leak", unit: "verdict" } as const;
  assert.equal(line({ ...gate, reason: "clean", failed: false }), "✓ no leak: kept");
  assert.equal(line({ ...gate, reason: "leaking" }), "✗ no leak: failed, it leaks");
  assert.equal(line({ ...gate, reason: "inconclusive" }), "✗ no leak: failed, it could not be told");
});

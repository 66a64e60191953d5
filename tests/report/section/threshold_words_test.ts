import assert from "node:assert/strict";
import test from "node:test";
import { thresholdsSection } from "../../../lib/report/section/threshold_words.ts";
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
    ["bad", "✗ connect.p99 > 1s: it could not be measured"],
    ["good", "✓ rss.slope > 1KiB: it was 69 B"],
  ]);
  assert.equal(thresholdsSection(cleanResult(), "failIf"), undefined);
});

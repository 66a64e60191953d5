import assert from "node:assert/strict";
import test from "node:test";
import { verdictSection, verdictText } from "../../../lib/report/section/verdict.ts";
import { cleanResult, emptyResult, fetchResult, leakingResult } from "../../support/result_fixture.ts";
import { blockOf, factOf, proseOf } from "../blocks.ts";

test("verdict: the word, the sentence and their tone", () => {
  for (
    const [result, headline, tone] of [
      [leakingResult(), "✗ LEAKING", "bad"],
      [cleanResult(), "✓ CLEAN", "good"],
      [emptyResult(), "? INCONCLUSIVE", "caution"],
    ] as const
  ) {
    const section = verdictSection(result);
    assert.deepEqual(blockOf(section, "headline"), { kind: "headline", text: headline, tone });
    assert.deepEqual(proseOf(section), [{ kind: "prose", text: result.leak.reason, tone }]);
    assert.deepEqual(verdictText(result), { text: headline.toLowerCase(), tone });
  }
});

test("verdict: the slopes it rests on come first, each with its interval", () => {
  const section = verdictSection(leakingResult());
  assert.deepEqual(factOf(section, "connections per request"), {
    name: "connections per request",
    figure: "1.000",
    details: ["95 % interval 0.998 … 1.002"],
  });
  assert.equal(factOf(section, "memory per held body").figure, "5.7 KiB");
  assert.deepEqual(verdictSection(emptyResult()).blocks.map(({ kind }) => kind), ["headline", "prose"]);
});

test("verdict: of a fetch, it rests on open calls", () => {
  const section = verdictSection(fetchResult());
  assert.equal(factOf(section, "open calls per request").figure, "1.000");
});

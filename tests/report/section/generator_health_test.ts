import assert from "node:assert/strict";
import test from "node:test";
import { generatorSection, saturationWarning } from "../../../lib/report/section/generator_health.ts";
import { cleanResult, emptyResult, hourResult } from "../../support/result_fixture.ts";
import { factOf } from "../blocks.ts";

test("generator health: a saturated one is a warning with its reason, a healthy one is none", () => {
  const [warning] = saturationWarning(hourResult());
  assert.match(warning!.text, /^Warning, the generator was saturated: Requests left 4\.1 ms late at p99/);
  assert.equal(warning!.tone, "caution");
  assert.deepEqual(saturationWarning(cleanResult()), []);
});

test("generator health: the verdict has its tone, and its reason where the warning has not said it", () => {
  assert.deepEqual(factOf(generatorSection(cleanResult()), "verdict"), {
    name: "verdict",
    figure: "healthy",
    tone: "good",
    details: ["The generator kept up, on 12 % of a core."],
  });
  assert.deepEqual(factOf(generatorSection(hourResult()), "verdict"), {
    name: "verdict",
    figure: "saturated",
    tone: "caution",
    details: [],
  });
});

test("generator health: it says in how many seconds who was the limit", () => {
  const { figure, details } = factOf(generatorSection(hourResult()), "limit");
  assert.equal(figure, "generator");
  assert.match(details!.join(), /^in 3,\d{3} of 3,600 s,the server in \d{2,3}$/);
  assert.throws(() => factOf(generatorSection(cleanResult()), "limit"));
});

test("generator health: where nothing was sent there is no figure", () => {
  assert.deepEqual(factOf(generatorSection(emptyResult()), "lag p99"), { name: "lag p99", figure: "–", details: [] });
  assert.equal(factOf(generatorSection(emptyResult()), "CPU").figure, "–");
});

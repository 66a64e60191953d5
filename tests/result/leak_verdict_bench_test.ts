import assert from "node:assert/strict";
import test from "node:test";
import { isSure, judgeRuns, mistakes } from "../support/confusion.ts";

const judged = judgeRuns(25);

test("leak: of 250 synthetic runs that leak nothing, none is called leaking or growing", () => {
  const innocent = judged.filter(({ run }) => run.truth === "leaks nothing");
  assert.ok(innocent.length >= 200);
  assert.deepEqual(mistakes(innocent), []);
  const unsure = innocent.filter(({ verdict }) => verdict === "inconclusive");
  assert.ok(unsure.length <= innocent.length / 20, `${unsure.length} are inconclusive`);
});

test("leak: no leak is missed of which five or more bodies are held on average, from 1 in 1 to 1 in 10,000", () => {
  const sure = judged.filter((each) => each.run.truth === "leaks bodies" && isSure(each));
  assert.ok(sure.length >= 100 && sure.some(({ run }) => run.kind.startsWith("1 in 10000 ")));
  assert.deepEqual(mistakes(sure), []);
});

test("leak: memory that each request leaves grows", () => {
  assert.deepEqual(mistakes(judged.filter(({ run }) => run.truth === "leaks memory")), []);
});

import assert from "node:assert/strict";
import test from "node:test";
import { headSection } from "../../../lib/report/section/head.ts";
import { allFailedResult, cleanResult, fetchResult, hourResult } from "../../support/result_fixture.ts";
import { blockOf, proseOf } from "../blocks.ts";

test("head: it says what ran, where and how it ended", () => {
  const head = headSection(cleanResult());
  assert.equal(blockOf(head, "headline").text, "clean");
  assert.deepEqual(proseOf(head).map(({ text }) => text), ["500 rps in all, 10 s, bodies read"]);
  assert.deepEqual(blockOf(head, "phrases").phrases, [
    "node 20.20.2",
    "linux x64",
    "2 CPUs",
    "node sockets",
    "10.0 s",
    "completed",
    "2026-11-23T10:20:30Z",
  ]);
});

test("head: a plan without a name or a description is loadgen's", () => {
  const head = headSection({ ...cleanResult(), plan: { name: " ", description: "" } });
  assert.equal(blockOf(head, "headline").text, "loadgen");
  assert.deepEqual(proseOf(head), []);
});

test("head: why the run ended comes before what its figures lack", () => {
  const warnings = (result: Parameters<typeof headSection>[0]) =>
    proseOf(headSection(result)).filter(({ tone }) => tone === "caution").map(({ text }) => text);
  assert.deepEqual(warnings(allFailedResult()).map((text) => text.slice(0, 30)), [
    "The run was stopped: 2,500 req",
    "The rate was not held: 0/s com",
  ]);
  assert.deepEqual(warnings({ ...cleanResult(), outcome: "interrupted" }), ["The run was interrupted."]);
  assert.match(warnings(hourResult()).join(), /^Warning, the generator was saturated/);
});

test("head: of a fetch, no socket is named", () => {
  assert.equal(blockOf(headSection(fetchResult()), "phrases").phrases[3], "the runtime's fetch");
});

import assert from "node:assert/strict";
import test from "node:test";
import { aftermathSection } from "../../../lib/report/section/aftermath.ts";
import { cleanResult, fetchResult, settledResult } from "../../support/result_fixture.ts";
import { blockOf, factOf, given } from "../blocks.ts";

test("aftermath: what is open after the load, and which memory came back", () => {
  const section = given(aftermathSection(settledResult()));
  assert.deepEqual(factOf(section, "live"), {
    name: "live",
    figure: "3",
    details: ["5 s after the load", "2 in use", "1 idle"],
  });
  assert.deepEqual(factOf(section, "held bodies").tone, "caution");
  assert.deepEqual(factOf(section, "read loops").details, ["awaitingBodyRead: body neither read nor closed"]);
  const { figure, details } = factOf(section, "RSS");
  assert.equal(figure, "50.0 MiB");
  assert.deepEqual(details, ["after a collection of garbage", "8.4 MiB less than at the end of the load"]);
  assert.deepEqual(factOf(section, "heap").details, ["as much as at the end of the load"]);
  assert.deepEqual(factOf(section, "external").details, ["1.0 MiB more than at the end of the load"]);
});

test("aftermath: of a fetch, calls are open; without settling there is nothing to say", () => {
  const section = given(aftermathSection({ ...fetchResult(), settle: settledResult().settle }));
  assert.deepEqual(blockOf(section, "facts").facts[0], { name: "open", figure: "3", details: ["5 s after the load"] });
  assert.equal(aftermathSection(cleanResult()), undefined);
});

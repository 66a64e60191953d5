import assert from "node:assert/strict";
import test from "node:test";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";

const requests = [{ name: "search" }, { name: "buy" }, { url: "/a/{{index}}" }];

function problemOf(expression: string, scenario: Scenario): string | undefined {
  try {
    resolve({ ...scenario, thresholds: ["errors < 1%", expression] });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test("check rule: a rule names a request that there is", () => {
  assert.equal(problemOf("p99{search} < 1s", { requests }), undefined);
  assert.equal(problemOf("p99{GET /a/{{index}}} < 1s", { requests }), undefined);
  assert.equal(problemOf("p99{GET /} < 1s", {}), undefined, "also where there is only one");
  assert.equal(
    problemOf("p99{serch} < 1s", { requests }),
    'thresholds[1]: unknown request "serch", did you mean search?',
  );
  assert.equal(
    problemOf("p99{checkout} < 1s", { requests }),
    'thresholds[1]: unknown request "checkout", expected one of search, buy, GET /a/{{index}}',
  );
});

test("check rule: a share of the rate asked for needs such a rate", () => {
  assert.equal(problemOf("rps.achieved > 95%", { load: { rps: 5 } }), undefined);
  assert.equal(problemOf("rps.achieved > 95", {}), undefined);
  assert.equal(
    problemOf("rps.achieved > 95%", {}),
    "thresholds[1]: needs load.rps, load.stages or load.timestamps: rps.achieved in % is a share of the rate asked for",
  );
});

import assert from "node:assert/strict";
import test from "node:test";
import { requestTableSection } from "../../../lib/report/section/request_table.ts";
import { cleanResult, latencyOf } from "../../support/result_fixture.ts";
import { given, proseOf, rowsOf } from "../blocks.ts";

test("request table: a row for each in the plan's order, errors below; none where there is one request", () => {
  const { response } = cleanResult().latencyUs;
  const look = {
    name: "look",
    offered: 4000,
    completed: 3998,
    failed: 2,
    held: 0,
    byStatus: {},
    byError: { "body/ECONNRESET": 2 },
    response,
  };
  const buy = { ...look, name: "buy", offered: 0, completed: 0, failed: 0, byError: {}, response: latencyOf([]) };
  const section = given(requestTableSection({ ...cleanResult(), byRequest: [look, buy] }));
  assert.deepEqual(rowsOf(section), [
    ["look", "4,000", "3,998", "2", "301 µs", "609 µs", "993 µs"],
    ["buy", "0", "0", "0", "–", "–", "–"],
  ]);
  assert.deepEqual(proseOf(section), [{ kind: "prose", text: "look: 2 body/ECONNRESET", tone: "bad" }]);
  assert.equal(requestTableSection(cleanResult()), undefined);
});

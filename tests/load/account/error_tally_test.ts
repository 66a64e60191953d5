import assert from "node:assert/strict";
import test from "node:test";
import { ErrorTally, OTHER_ERRORS } from "../../../lib/load/account/error_tally.ts";
import { RequestTally } from "../../../lib/load/account/request_tally.ts";

test("errors: each kind has its count and its response times", () => {
  const errors = new ErrorTally();
  errors.count("dial/ECONNREFUSED", 1);
  errors.count("dial/ECONNREFUSED", 3);
  errors.count("head/timeout", 5000);
  assert.deepEqual(errors.counts(), { "dial/ECONNREFUSED": 2, "head/timeout": 1 });
  assert.equal(errors.latencies()["dial/ECONNREFUSED"]!.maxValue, 3000);
  assert.equal(errors.latencies()["head/timeout"]!.totalCount, 1);
});

test("errors: kinds beyond the thirty-second are counted together, and none is lost", () => {
  const errors = new ErrorTally();
  for (let round = 0; round < 2; round++) {
    for (let code = 0; code < 100; code++) errors.count(`head/${code}`, 1);
  }
  const counts = errors.counts();
  assert.equal(Object.keys(counts).length, 33);
  assert.equal(counts["head/0"], 2);
  assert.equal(counts[OTHER_ERRORS], 2 * (100 - 32));
  assert.equal(Object.values(counts).reduce((sum, count) => sum + count), 200);
});

test("errors: a request's own errors are bounded in the same way", () => {
  const tally = new RequestTally();
  for (let status = 400; status < 500; status++) tally.countFailure(`expect/status ${status}`, 1);
  const { failed, byError } = tally.account(0);
  assert.deepEqual([failed, Object.keys(byError).length, byError["other"]], [100, 33, 68]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { rateWarning, requestsSection } from "../../../lib/report/section/accounting.ts";
import type { Result } from "../../../lib/result/result.ts";
import { allFailedResult, cleanResult, hourResult } from "../../support/result_fixture.ts";
import { factOf, proseOf } from "../blocks.ts";

function withRequests(result: Result, requests: Partial<Result["requests"]>): Result {
  return { ...result, requests: { ...result.requests, ...requests } };
}

test("accounting: offered is the sum of what became of the requests", () => {
  const { requests } = hourResult();
  const { figure, details } = factOf(requestsSection(hourResult()), "offered");
  assert.equal(figure, requests.offered.toLocaleString("en"));
  const parts = [...details![0]!.matchAll(/[\d,]+/g)].map(([number]) => Number(number.replaceAll(",", "")));
  assert.equal(parts.reduce((sum, part) => sum + part), requests.offered);
  assert.match(details![0]!, /^= [\d,]+ completed \+ [\d,]+ failed \+ 64 in flight \+ 120 unsent$/);
});

test("accounting: statuses and errors come most first, errors with their share", () => {
  const section = requestsSection(hourResult());
  assert.deepEqual(factOf(section, "status").details!.slice(1), ["429: 4,000", "503: 1,200"]);
  const errors = factOf(section, "errors");
  assert.equal(errors.tone, "bad");
  assert.equal(errors.details!.at(-1), "head/timeout awaiting response headers: 300");
  assert.equal(factOf(requestsSection(allFailedResult()), "errors").details![0], "100 % of all");
  assert.throws(() => factOf(requestsSection(cleanResult()), "errors"));
});

test("accounting: what is not counted stands beside, with what it was for", () => {
  const section = requestsSection({ ...cleanResult(), warmup: { offered: 30 }, cooldown: { offered: 7 } });
  assert.deepEqual(factOf(section, "besides"), {
    name: "besides",
    figure: "37",
    details: ["30 to warm up", "7 to cool down", "not counted"],
  });
  assert.throws(() => factOf(requestsSection(cleanResult()), "besides"));
});

test("accounting: the rate says what was asked for, or that nothing was", () => {
  assert.deepEqual(factOf(requestsSection(cleanResult()), "rate").details, ["of 500/s asked for (>99.9 %)"]);
  assert.match(factOf(requestsSection(hourResult()), "rate").details![0]!, /closed loop/);
});

test("accounting: what was set by hand is in the rate that was asked for, and the report says so", () => {
  const steeredBy = (...changes: string[]): Result => {
    const { series, ...rest } = cleanResult();
    return { ...rest, series: series.map((line) => line.second === 3 ? { ...line, changes } : line) };
  };
  const words = "rates and pauses set by hand included";
  assert.equal(factOf(requestsSection(steeredBy("paused")), "rate").details!.at(-1), words);
  assert.equal(factOf(requestsSection(steeredBy("bodies held", "rate 110/s")), "rate").details!.at(-1), words);
  assert.notEqual(factOf(requestsSection(steeredBy("bodies held")), "rate").details!.at(-1), words);
});

test("accounting: a remedy is a warning, once for all errors that have it", () => {
  const byError = {
    "tls/DEPTH_ZERO_SELF_SIGNED_CERT": 3,
    "tls/UNABLE_TO_VERIFY_LEAF_SIGNATURE": 2,
    other: 1,
  };
  const text = "The server's certificate is not trusted: --cacert FILE or -k";
  assert.deepEqual(proseOf(requestsSection(withRequests(cleanResult(), { byError }))), [
    { kind: "prose", text, tone: "caution" },
  ]);
});

test("accounting: redirects that were answered and not followed are said, and so is what makes a status a failure", () => {
  const said = (requests: Partial<Result["requests"]>) =>
    proseOf(requestsSection(withRequests(cleanResult(), requests))).map(({ text }) => text);
  const followed = "redirects are not followed, and what they lead to was not measured";
  assert.deepEqual(said({ byStatus: { "302": 5000 } }), [`Every answer was 302: ${followed}`]);
  assert.deepEqual(said({ byStatus: { "200": 9, "301": 1 } }), [`1 of 10 answers was 301: ${followed}`]);
  assert.deepEqual(said({ byStatus: { "200": 7, "301": 1, "307": 2 } }), [
    `3 of 10 answers were 301 or 307: ${followed}`,
  ]);
  assert.deepEqual(said({ byStatus: { "200": 7, "304": 3 } }), [], "304 leads nowhere");
  assert.deepEqual(said({ byError: { "expect/status 500": 3, "expect/status 404": 1 } }), [
    "A status that is not expected is a failure: --expect-status says which are (default: below 400), any takes them all",
  ]);
});

test("accounting: a rate that was not held is said with what it fell short by, and whose fault it was", () => {
  const short: Result = { ...cleanResult(), rps: { target: 500, achieved: 312 } };
  const warningOf = (result: Result) => rateWarning(result).map(({ text }) => text).join();
  assert.equal(
    warningOf({ ...short, generator: { ...short.generator, limit: "generator" } }),
    "The rate was not held: 312/s completed of 500/s asked for (62.4 %). The generator was the limit.",
  );
  assert.match(warningOf(withRequests(short, { censored: 12 })), /\(62\.4 %\); 12 had no end yet\.$/);
  assert.deepEqual(rateWarning({ ...short, outcome: "interrupted" }), []);
  assert.deepEqual(rateWarning({ ...short, rps: { target: 500, achieved: 476 } }), []);
  assert.deepEqual(rateWarning(hourResult()), [], "a closed loop has none");
  const late = { ...short, rps: { target: 500, achieved: 312, answeredInGrace: 1880 } };
  assert.match(warningOf(late), /\(62\.4 %\); 1,880 more in the grace\.$/);
});

test("accounting: answers in the grace are said apart, and those that any server gives then are no lost rate", () => {
  const run: Result = { ...cleanResult(), durationMs: 2000, rps: { target: 20, achieved: 10, answeredInGrace: 20 } };
  assert.deepEqual(factOf(requestsSection(run), "rate").details, [
    "of 20/s asked for (50.0 %)",
    "20 more in the grace",
  ]);
  const served = (minUs: number): Result => {
    const service = { ...run.latencyUs.service, min: minUs };
    return { ...run, latencyUs: { ...run.latencyUs, service } };
  };
  assert.equal(rateWarning(served(100_000)).length, 1, "a server that can answer in 0.1 s has 2 of them to answer");
  assert.equal(rateWarning(served(1_000_000)).length, 0, "a second each, and as many at once as there are");
});

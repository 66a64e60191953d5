import assert from "node:assert/strict";
import test from "node:test";
import { checkBaseline, withBaseline } from "../../../lib/result/difference/baseline.ts";
import { isChangeRule, judgeChange, parseChangeRule } from "../../../lib/result/difference/change_rule.ts";
import { parseResult, resultToJson } from "../../../lib/result/json.ts";
import type { Result } from "../../../lib/result/result.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { UsageError } from "../../../lib/scenario/usage_error.ts";
import { type Noise, noisyRun } from "../../support/noisy_runs.ts";
import { cleanResult } from "../../support/result_fixture.ts";

const QUIET: Noise = { seconds: 12, rps: 400, betweenRuns: 0.02, betweenSeconds: 0.02, persistence: 0, bursts: 0 };

const [BASE, SAME] = [noisyRun(1, QUIET), noisyRun(2, QUIET)];
const SLOW = noisyRun(3, QUIET, { slower: 2 });

const rule = (text: string) => parseChangeRule(text, "--fail-if");

const fails = (text: string, after: Result): boolean => judgeChange(rule(text), [BASE], [after]).failed;

test("change rule: a bound with a sign is about a change", () => {
  assert.deepEqual(rule(" p99 > +10% "), {
    kind: "change",
    expression: "p99 > +10%",
    metric: "p99",
    operator: ">",
    bound: 10,
  });
  assert.equal(rule("response.p50>=-2.5%").metric, "p50");
  assert.equal(rule("failed > +0.5%").metric, "errors");
  assert.equal(rule("connections.dialedPerRequest > +0.1").bound, 0.1);
  assert.deepEqual(["p99 > +10%", "rps.achieved<-5%", "p99 > 10ms"].map(isChangeRule), [true, true, false]);
});

test("change rule: what cannot be read is one line", () => {
  const cases: [text: string, problem: string][] = [
    ["p99 == +10%", 'expected a metric, one of > >= < <=, and a change, such as "p99 > +10%", got "p99 == +10%"'],
    ["p99 > +10", 'expected a change in %, such as +10% for p99, got "p99 > +10"'],
    ["p99 > +10ms", 'expected a change in %, such as +10% for p99, got "p99 > +10ms"'],
    ["errors > +3", 'expected a change in percentage points, such as +0.5% for errors, got "errors > +3"'],
    [
      "connections.dialedPerRequest > +3%",
      "expected a change as a number, such as +0.1 for connections.dialedPerRequest, " +
      'got "connections.dialedPerRequest > +3%"',
    ],
    ["servce.p99 > +3%", 'no change is told of "servce.p99", did you mean service.p99?'],
  ];
  for (const [text, problem] of cases) {
    assert.throws(() => rule(text), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.message, `--fail-if: ${problem}`);
      return true;
    });
  }
});

test("change rule: it fails only where the change surely is beyond its bound", () => {
  assert.equal(fails("p99 > +10%", SAME), false);
  assert.equal(fails("p99 > +10%", SLOW), true);
  assert.equal(fails("p99 > +98%", SLOW), false, "twice as slow is not surely more than 98 % slower");
  assert.equal(fails("p50 < -10%", SLOW), false);
  assert.equal(judgeChange(rule("p50 < -10%"), [SLOW], [BASE]).failed, true);
  assert.equal(fails("rss.end > +50%", SAME), false);
});

test("change rule: what these runs do not tell fails: a gate must not open because nobody looked", () => {
  const short: Result = { ...SAME, blocks: SAME.blocks!.slice(0, 1) };
  assert.equal(fails("p99 > +10%", short), true);
  const none: Result = {
    ...SAME,
    latencyUs: { ...SAME.latencyUs, response: { ...SAME.latencyUs.response, count: 0 } },
  };
  const outcome = judgeChange(rule("p99 > +10%"), [BASE], [none]);
  assert.deepEqual([outcome.difference, outcome.failed], [null, true]);
});

test("change rule: a dead service answers fast, and has failed", () => {
  const dead = noisyRun(4, QUIET, { failing: 1, slower: 0.01 });
  const outcome = judgeChange(rule("p99 > +10%"), [BASE], [dead]);
  assert.deepEqual([outcome.difference?.verdict, outcome.unanswered, outcome.failed], ["lower", 100, true]);
  const some = noisyRun(5, QUIET, { failing: 0.05 });
  assert.equal(fails("p99 > +10%", some), true);
  assert.equal(fails("p50 > +10%", some), false, "half of all were answered all the same");
  assert.equal(fails("p99 < -10%", some), false, "that it got faster is nothing to forbid on a failure's account");
});

test("baseline: what a run shows against it stands in its result, and survives being written", () => {
  const rules = [rule("p99 > +10%"), rule("errors > +1%")];
  const result = withBaseline(SLOW, [{ name: "old.json", result: BASE }], rules);
  assert.deepEqual(result.baseline!.rules.map(({ expression, failed }) => [expression, failed]), [
    ["p99 > +10%", true],
    ["errors > +1%", false],
  ]);
  assert.deepEqual(result.baseline!.files, ["old.json"]);
  assert.equal(result.baseline!.differences[0]!.verdict, "higher");
  assert.deepEqual(parseResult(resultToJson(result), "a.json"), result);
});

test("baseline: one that a rule cannot be judged by is refused in a line that names its file", () => {
  const planOf = (rps: number, url = "/") => JSON.parse(JSON.stringify(resolve({ request: { url }, load: { rps } })));
  const plan = planOf(400);
  const stored = { ...BASE, plan };
  const refused = (result: Result, line: string, at = plan) =>
    assert.throws(
      () => checkBaseline({ name: "old.json", result }, at, [rule("p99 > +10%")]),
      (error) => error instanceof UsageError && (assert.equal(error.message, `old.json: ${line}`), true),
    );
  checkBaseline({ name: "old.json", result: stored }, plan, [rule("p99 > +10%")]);
  checkBaseline({ name: "old.json", result: stored }, planOf(500), [rule("errors > +1%")]);
  refused(stored, '"p99 > +10%" cannot be judged by it: its load.rps is 400, not 500', planOf(500));
  refused(stored, "nothing can be compared with it: its request.url is /, not /other", planOf(400, "/other"));
  const dead = { ...stored, requests: { ...stored.requests, completed: 0 } };
  refused(dead, "expected a run that got responses");
  refused({ ...cleanResult(), plan }, '"p99 > +10%" cannot be judged by it: an earlier version wrote it');
  const short = { ...stored, blocks: stored.blocks!.slice(0, 1) };
  refused(short, '"p99 > +10%" cannot be judged by it: its run was too short');
});

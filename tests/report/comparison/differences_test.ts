import assert from "node:assert/strict";
import test from "node:test";
import { baselineSection, pairSection } from "../../../lib/report/comparison/differences.ts";
import { comparisonReport } from "../../../lib/report/comparison/comparison.ts";
import { renderComparison, renderTerminal } from "../../../lib/report/terminal.ts";
import { withBaseline } from "../../../lib/result/difference/baseline.ts";
import { parseChangeRule } from "../../../lib/result/difference/change_rule.ts";
import { pairsOf } from "../../../lib/result/difference/pair.ts";
import type { Result } from "../../../lib/result/result.ts";
import { type Noise, noisyRun } from "../../support/noisy_runs.ts";
import { cleanResult } from "../../support/result_fixture.ts";
import { given, rowOf } from "../blocks.ts";

const QUIET: Noise = { seconds: 12, rps: 400, betweenRuns: 0.02, betweenSeconds: 0.02, persistence: 0, bursts: 0 };
const OPTIONS = { columns: 110, color: false };
const BASELINE = [{ name: "old.json", result: noisyRun(1, QUIET) }];

const rules = (...texts: string[]) => texts.map((text) => parseChangeRule(text, "--fail-if"));

test("differences: where none is seen, the report says so, and a rule is kept for that reason", () => {
  const result = withBaseline(noisyRun(2, QUIET), BASELINE, rules("p99 > +10%"));
  const text = renderTerminal(result, OPTIONS);
  assert.match(text, /Against old\.json\n/);
  assert.match(text, /No difference that these runs could see\./);
  assert.match(text, /✓ p99 > \+10%: [+-±][\d.]+ % \(-\d.* … \+\d.* %\): no difference that these runs could see/);
});

test("differences: a change has its figures, its interval and its verdict, and a rule that it broke its line", () => {
  const slow = noisyRun(3, QUIET, { slower: 2, failing: 0.005 });
  const section = given(baselineSection(withBaseline(slow, BASELINE, rules("p99 > +10%", "p99 > +90%"))));
  const [, a, b, change, verdict, interval] = rowOf(section, "p99");
  assert.match(a!, /^\d[\d.]* ms$/);
  assert.match(b!, /^\d[\d.]* ms$/);
  assert.match(change!, /^\+\d+ %$/);
  assert.match(interval!, /^\+\d+ … \+\d+ %$/);
  assert.equal(verdict, "higher");
  assert.match(rowOf(section, "errors")[3]!, /^\+0\.\d\d points$/);
  const lines = section.blocks.flatMap((block) => block.kind === "prose" ? [block.text] : []);
  assert.match(lines[0]!, /^✗ p99 > \+10%: \+\d+ % \(.*\), surely$/);
  assert.match(lines[1]!, /^✓ p99 > \+90%: \+\d+ % \(.*\): higher, but not surely that much$/);
});

test("differences: a change of ten times and more reads as one, and the table fits 80 columns", () => {
  const result = withBaseline(noisyRun(3, { ...QUIET, betweenSeconds: 2 }, { slower: 40 }), BASELINE, []);
  const [, , , change, , interval] = rowOf(given(baselineSection(result)), "p50");
  assert.match(change!, /^×\d+$/);
  assert.match(interval!, /^-\d[\d.]* % … ×\d/);
  const columns = [{ label: "a", result: BASELINE[0]!.result }, { label: "b", result: noisyRun(4, QUIET) }];
  const text = renderComparison(columns, { columns: 80, color: false });
  assert.equal(text.match(/^ +service\.p99 /gm)?.length, 1, "no column goes on below");
});

test("differences: failures and what is not told have words of their own", () => {
  const line = (result: ReturnType<typeof noisyRun>): string => {
    const { blocks } = given(baselineSection(withBaseline(result, BASELINE, rules("p99 > +10%"))));
    return blocks.flatMap((block) => block.kind === "prose" ? [block.text] : []).at(-1)!;
  };
  assert.equal(
    line(noisyRun(4, QUIET, { failing: 1 })),
    "✗ p99 > +10%: 100 % of the requests failed, and never had an answer",
  );
  assert.match(line(cleanResult()), /^✗ p99 > \+10%: -?[\d.]+ %, which too short a run does not tell from noise$/);
});

test("differences: another plan is said, with what is not compared for it", () => {
  const load = (rps: number) => ({ load: { rps }, requests: [{ url: "/", method: "GET" }] });
  const named = (rps: number) => ({ ...noisyRun(rps, QUIET), plan: { name: "", description: "", ...load(rps) } });
  const columns = [{ label: "before", result: named(300) }, { label: "after", result: named(500) }];
  const [pair] = pairsOf(columns);
  const [first] = pairSection(pair!).blocks;
  assert.deepEqual(first, {
    kind: "prose",
    text: "Another plan: load.rps 500 against 300; latencies, rates, memory and connections are not compared.",
    tone: "caution",
  });
  assert.deepEqual(pair!.differences.map(({ metric }) => metric), ["errors"]);
});

test("differences: a baseline made under another runtime or by another client is said", () => {
  const by = (name: "node" | "bun", client: string): Result => {
    const run = noisyRun(1, QUIET);
    const plan = { name: "", description: "", load: { client }, requests: [{ url: "/", method: "GET" }] };
    return { ...run, runtime: { ...run.runtime, name, version: "1.4.5" }, plan };
  };
  const baseline = [{ name: "old.json", result: by("node", "loadgen") }];
  const text = renderTerminal(withBaseline(by("bun", "fetch"), baseline, []), OPTIONS);
  assert.match(text, /Another runtime: bun 1\.4\.5 against node 1\.4\.5\.\n/);
  assert.match(text, /Another plan: load\.client fetch against loadgen\.\n/);
  const [pair] = pairsOf([{ label: "a", result: by("node", "loadgen") }, { label: "b", result: by("bun", "loadgen") }]);
  assert.deepEqual(pair!.unlike.map(({ field }) => field), ["runtime"]);
  assert.deepEqual(
    pairSection(pair!).blocks.filter((block) => block.kind === "prose" && block.text.startsWith("Another")),
    [],
    "the comparison has a row for it",
  );
});

test("differences: what is noise is neither the best nor a change for better or worse", () => {
  const BUSY = { ...QUIET, betweenSeconds: 0.6 };
  const run = (seed: number, slower: number) => ({ label: `run${seed}`, result: noisyRun(seed, BUSY, { slower }) });
  const row = (name: string, slower: number) =>
    given(comparisonReport([run(1, 1), run(2, slower)])[0]![0]).blocks
      .flatMap((block) => block.kind === "table" ? block.rows : [])
      .find(([first]) => typeof first === "object" && first.text === name)!;
  const [, a, b, change] = row("response p50", 1.5);
  assert.ok(typeof a === "string" && typeof b === "string", "no star");
  assert.equal((change as { tone: string }).tone, "plain");
  const [, best, , worse] = row("response p50", 50);
  assert.match((best as { text: string }).text, /^★/);
  assert.equal((worse as { tone: string }).tone, "bad");
});

test("differences: the rounds of a column count together", () => {
  const column = (label: string, seeds: readonly number[]) => {
    const rounds = seeds.map((seed) => noisyRun(seed, { ...QUIET, betweenRuns: 0.1 }));
    return { label, result: rounds[0]!, rounds };
  };
  const columns = [column("a", [1, 2, 3, 4]), column("b", [5, 6, 7, 8])];
  const [pair] = pairsOf(columns);
  const p50s = columns[0]!.rounds.map(({ latencyUs }) => latencyUs.response.p50);
  const { a } = pair!.differences[0]!;
  assert.ok(a > Math.min(...p50s) && a < Math.max(...p50s));
  assert.match(renderComparison(columns, OPTIONS), /of 4 rounds, the one with the middle p50/);
});

test("differences: a comparison holds each column against the first", () => {
  const columns = [1, 2, 3].map((seed) => ({ label: `run${seed}`, result: noisyRun(seed, QUIET) }));
  const text = renderComparison(columns, OPTIONS);
  assert.match(text, /run2 against run1\n/);
  assert.match(text, /run3 against run1\n/);
  const missing = [{ label: "run1", problem: "died" }, ...columns.slice(1)];
  assert.doesNotMatch(renderComparison(missing, OPTIONS), / against /);
});

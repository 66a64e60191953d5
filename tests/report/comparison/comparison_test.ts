import assert from "node:assert/strict";
import test from "node:test";
import { type ComparisonColumn, comparisonReport } from "../../../lib/report/comparison/comparison.ts";
import { clearlyBest, ERRORS, judgeChange, LIVE_AT_END, P99, RATE } from "../../../lib/report/comparison/metric.ts";
import { renderComparison } from "../../../lib/report/terminal.ts";
import { cleanResult, fetchResult, hourResult, leakingResult, settledResult } from "../../support/result_fixture.ts";
import { blockOf, rowOf } from "../blocks.ts";
import { lineWith, screenLines, screenWidth } from "../screen.ts";

const plainly = (columns: number) => ({ columns, color: false });

const RUNTIMES: readonly ComparisonColumn[] = [
  { label: "node", result: cleanResult() },
  { label: "deno", problem: "SIGKILL ended it: fatal runtime error: out of file descriptors" },
  { label: "bun", result: leakingResult() },
];

function cells(line: string): string[] {
  return line.trim().split(/ {2,}/);
}

test("comparison: one column for each result, figures under their names", () => {
  const text = renderComparison([RUNTIMES[0]!, RUNTIMES[2]!, { label: "soak", result: hourResult() }], plainly(100));
  assert.deepEqual(cells(screenLines(text)[0]!), ["node", "bun", "soak"]);
  assert.deepEqual(cells(lineWith(text, "rate achieved")).slice(0, 3), ["rate achieved", "499.8/s", "499.6/s"]);
  assert.deepEqual(cells(lineWith(text, "dialed")), ["dialed", "3", "5,000", "4,812"]);
  assert.deepEqual(cells(lineWith(text, "rate asked for")), ["rate asked for", "500/s", "500/s", "–"]);
  assert.deepEqual(cells(lineWith(text, "socket adapter")), ["socket adapter", "node", "bun", "node"]);
  assert.deepEqual(cells(lineWith(text, "verdict")), ["verdict", "✓ clean", "✗ leaking", "? inconclusive"]);
  const ends = screenLines(text).filter((line) => /^ {2}(response|RSS|reused)/.test(line)).map((line) => line.length);
  assert.equal(new Set(ends).size, 1, "the figures are flush right");
});

test("comparison: a runtime without a result says why, in its column and below", () => {
  const text = renderComparison(RUNTIMES, plainly(80));
  assert.deepEqual(cells(screenLines(text)[0]!), ["node", "deno", "bun"]);
  assert.match(lineWith(text, "rate achieved"), /499\.8\/s {2}no result: SIGKILL +499\.6\/s$/);
  assert.match(text, /deno {2}no result\n +SIGKILL ended it: fatal runtime error: out of file descriptors/);
  assert.match(renderComparison([{ label: "bun", problem: "" }], plainly(80)), /no result: it gave/);
});

test("comparison: a problem longer than the column ends in dots, and is whole below", () => {
  const problem = Array.from({ length: 80 }, (_, i) => `word${i}`).join(" ");
  const text = renderComparison([RUNTIMES[0]!, { label: "deno", problem }], plainly(80));
  assert.match(lineWith(text, "  verdict"), /…$/);
  assert.match(text, /word79$/);
});

test("comparison: the best is marked only where it is clearly better", () => {
  const text = renderComparison(RUNTIMES, plainly(80));
  assert.match(lineWith(text, "response p99 "), /★ 609 µs/);
  for (const name of ["rate achieved", "errors", "dialed", "CPU per request"]) {
    assert.doesNotMatch(lineWith(text, name), /★/, name);
  }
  assert.doesNotMatch(renderComparison([RUNTIMES[0]!], plainly(80)), /★/);
});

test("comparison: under different loads nothing is called better", () => {
  const soak = { label: "soak", result: hourResult() };
  const three = renderComparison([RUNTIMES[0]!, RUNTIMES[2]!, soak], { columns: 120, color: true });
  assert.doesNotMatch(three, /★/);
  assert.match(three, /not all were asked for the same rate/);
  const two = renderComparison([RUNTIMES[0]!, soak], { columns: 120, color: true });
  assert.doesNotMatch(lineWith(two, "response p99 "), /★/);
  assert.match(lineWith(two, "response p99 "), /×47$/);
});

test("comparison: better needs a direction, two values and a twentieth", () => {
  assert.equal(clearlyBest(P99, [100, 106, 200]), 0);
  assert.equal(clearlyBest(P99, [100, 104, 200]), -1);
  assert.equal(clearlyBest(P99, [100, null]), -1);
  assert.equal(clearlyBest(P99, [null, 50, 100]), 1);
  assert.equal(clearlyBest(RATE, [100, 200]), 1);
  assert.equal(clearlyBest(ERRORS, [0, 3]), 0);
  assert.equal(clearlyBest(ERRORS, [0, 0]), -1);
  assert.equal(clearlyBest(LIVE_AT_END, [3, 5000]), -1);
  assert.equal(judgeChange(P99, 100, 200), "worse");
  assert.equal(judgeChange(P99, 100, 50), "better");
  assert.equal(judgeChange(P99, 100, 101), "neither");
  assert.equal(judgeChange(RATE, 100, 50), "worse");
});

test("comparison: exactly two results have a column with the change", () => {
  const two = renderComparison([RUNTIMES[0]!, RUNTIMES[2]!], plainly(80));
  assert.deepEqual(cells(screenLines(two)[0]!), ["node", "bun", "change"]);
  assert.match(lineWith(two, "response p99 "), /\+200 %$|\+199 %$/);
  assert.match(lineWith(two, "live at the end"), /×1,667$/);
  assert.match(two, /change: bun against node/);
  for (const columns of [[RUNTIMES[0]!], RUNTIMES, [RUNTIMES[0]!, RUNTIMES[1]!]]) {
    assert.doesNotMatch(renderComparison(columns, plainly(80)), /change/);
  }
});

test("comparison: columns that do not fit go on in a further table", () => {
  const many = Array.from({ length: 7 }, (_, i) => ({ label: `results/run-number-${i}.json`, result: cleanResult() }));
  for (const columns of [20, 50, 60, 80, 120, 200]) {
    const text = renderComparison(many, plainly(columns));
    assert.ok(screenWidth(text) <= columns, `${screenWidth(text)} columns of ${columns}`);
    const labels = screenLines(text).filter((line) => line.includes("verdict")).flatMap((line) => cells(line).slice(1));
    assert.equal(labels.length, 7);
  }
});

test("comparison: long labels keep both ends", () => {
  const label = "results/2026-11-23/node-20-on-loopback/monday.json";
  const text = renderComparison([{ label, result: cleanResult() }], plainly(80));
  assert.match(screenLines(text)[0]!, /results\/2026…/);
  assert.match(screenLines(text)[0]!, /monday\.json$/);
  assert.ok(text.includes(`${label}  ✓ clean`), "in words there is room for all of it");
});

test("comparison: as data, the best and a change for better or worse have their tone", () => {
  const tones = (columns: readonly ComparisonColumn[], name: string) => {
    const { rows } = blockOf(comparisonReport(columns)[0]![0], "table");
    const row = rows.find(([first]) => typeof first === "object" && first.text === name)!;
    return row.slice(1).map((cell) => typeof cell === "string" ? "plain" : cell.tone);
  };
  const two = [RUNTIMES[0]!, RUNTIMES[2]!];
  assert.deepEqual(tones(two, "response p99"), ["good", "plain", "bad"]);
  assert.deepEqual(tones([...two].reverse(), "response p99"), ["plain", "good", "good"]);
  assert.deepEqual(tones(two, "live at the end"), ["plain", "plain", "plain"]);
  assert.deepEqual(tones(two, "RSS per held body"), ["faint", "plain", "faint"]);
  assert.deepEqual(tones(RUNTIMES, "verdict"), ["good", "plain", "bad"]);
});

test("comparison: as data, a column without a result has words in place of its cells", () => {
  const [first, ...remarks] = comparisonReport(RUNTIMES);
  const { columns } = blockOf(first![0], "table");
  assert.deepEqual(columns.map(({ name }) => name), ["", "node", "deno", "bun"]);
  const { instead } = columns[2]!;
  assert.ok(
    typeof instead === "object" && instead.text.startsWith("no result: SIGKILL ended it") && instead.tone === "bad",
  );
  assert.deepEqual(rowOf(first![0], "dialed"), ["dialed", "3", "", "5,000"]);
  const [pair, ...verdicts] = remarks;
  assert.equal(pair![0].title, "bun against node");
  assert.deepEqual(verdicts.map(([{ title, mark }]) => [title, (mark as { text: string }).text]), [
    ["node", "✓ clean"],
    ["deno", "no result"],
    ["bun", "✗ leaking"],
  ]);
});

test("comparison: of a fetch, neither dials nor reuses are shown", () => {
  const [first] = comparisonReport([RUNTIMES[0]!, { label: "fetch", result: fetchResult() }]);
  assert.deepEqual(rowOf(first![0], "dialed"), ["dialed", "3", "–", "–"]);
  assert.deepEqual(rowOf(first![0], "reused").slice(2), ["–", "–"]);
  assert.equal(rowOf(first![0], "live at the end")[2], "5,000");
});

test("comparison: what is left after settling stands there where any result has it", () => {
  const columns = [{ label: "a", result: settledResult() }, { label: "b", result: cleanResult() }];
  const text = renderComparison(columns, plainly(80));
  assert.deepEqual(cells(lineWith(text, "live after settling")), ["live after settling", "3", "–", "–"]);
  assert.deepEqual(cells(lineWith(text, "held after settling")), ["held after settling", "2", "–", "–"]);
  assert.deepEqual(cells(lineWith(text, "RSS after settling")), ["RSS after settling", "50.0 MiB", "–", "–"]);
  assert.doesNotMatch(renderComparison(RUNTIMES, plainly(80)), /after settling/);
});

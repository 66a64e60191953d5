import assert from "node:assert/strict";
import test from "node:test";
import { sideBySideReport } from "../../../lib/report/comparison/side_by_side.ts";
import { renderSideBySide } from "../../../lib/report/terminal.ts";
import {
  allFailedResult,
  cleanResult,
  emptyResult,
  leakingResult,
  oneSecondResult,
} from "../../support/result_fixture.ts";
import { blockOf } from "../blocks.ts";
import { lineWith, screenLines, screenWidth } from "../screen.ts";

const read = { label: "bodies read", result: cleanResult() };
const held = { label: "bodies never closed", result: leakingResult() };

test("side by side: from 100 columns on the two stand beside each other, below that above each other", () => {
  const titles = (columns: number) =>
    screenLines(renderSideBySide(read, held, { columns, color: false }))
      .filter((line) => line.includes("Live connections")).map((line) => line.split("Live connections").length - 1);
  assert.deepEqual(titles(120), [2]);
  assert.deepEqual(titles(100), [2]);
  assert.deepEqual(titles(99), [1, 1]);
  assert.deepEqual(titles(60), [1, 1]);
});

test("side by side: both are drawn to the same scales", () => {
  const lines = screenLines(renderSideBySide(read, held, { columns: 120, color: false }));
  const labels = lines.map((line) => [...line.matchAll(/(\S+(?: [a-zA-Zµ]+)?) ┤/g)].map((match) => match[1]!))
    .filter((pair) => pair.length > 0);
  assert.equal(labels.length, 3 + 3 + 5);
  for (const [left, right] of labels) assert.equal(right, left);
  assert.ok(labels.some(([left]) => left === "5,000"));
});

test("side by side: a shorter run ends earlier on the same time axis", () => {
  const short = { label: "one second", result: oneSecondResult() };
  const lines = screenLines(renderSideBySide(read, short, { columns: 120, color: false }));
  const axis = lines.find((line) => line.includes("10 s"))!;
  assert.equal(axis.match(/10 s/g)!.length, 2);
});

test("side by side: it keeps to its width", () => {
  const runs = [read, held, { label: "failed", result: allFailedResult() }, { label: "empty", result: emptyResult() }];
  for (const left of runs) {
    for (const right of runs) {
      for (const columns of [20, 40, 50, 60, 80, 99, 100, 120, 200]) {
        const width = screenWidth(renderSideBySide(left, right, { columns, color: true }));
        assert.ok(width <= columns, `${left.label} and ${right.label}: ${width} columns of ${columns}`);
      }
    }
  }
});

test("side by side: the key figures stand under their labels", () => {
  const text = renderSideBySide(read, held, { columns: 80, color: false });
  assert.match(lineWith(text, "  dialed"), /dialed +3 +5,000$/);
  assert.match(lineWith(text, "RSS per held body"), /– +5\.7 KiB$/);
  assert.match(lineWith(text, "verdict"), /✓ clean +✗ leaking$/);
});

test("side by side: both have the same axes, whatever is in which of them", () => {
  const [row] = sideBySideReport(read, { label: "one second", result: oneSecondResult() });
  const [a, b] = row!.map((section) => blockOf(section, "panels"));
  assert.deepEqual([a!.spanSeconds, b!.spanSeconds], [10, 10]);
  assert.deepEqual(b!.panels.map(({ scale }) => scale), a!.panels.map(({ scale }) => scale));
  assert.deepEqual([a!.seconds.length, b!.seconds.length], [10, 1]);
  assert.deepEqual(a!.panels.map(({ title }) => title), ["Live connections", "Memory (RSS)", "Response time"]);
});

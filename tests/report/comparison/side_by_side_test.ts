import assert from "node:assert/strict";
import test from "node:test";
import { explainDifference } from "../../../lib/report/comparison/difference.ts";
import { renderSideBySide } from "../../../lib/report/comparison/side_by_side.ts";
import type { Result } from "../../../lib/result/result.ts";
import {
  allFailedResult,
  cleanResult,
  emptyResult,
  leakingResult,
  oneSecondResult,
} from "../../support/result_fixture.ts";
import { lineWith, screenLines, screenWidth } from "../screen.ts";

const read = { label: "bodies read", result: cleanResult() };
const held = { label: "bodies never closed", result: leakingResult() };

function withConnections(result: Result, connections: Partial<Result["connections"]>): Result {
  return { ...result, connections: { ...result.connections, ...connections } };
}

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

test("difference: held bodies are explained with the figures of the run", () => {
  assert.equal(
    explainDifference(read, held),
    "With bodies read, 3 connections served 5,000 requests. With bodies never closed, each request dialed a connection " +
      "of its own that stayed: 5,000 live, +28.0 MiB, 5.7 KiB each, because the read loop of each waits for a body " +
      "nobody reads.",
  );
});

test("difference: what did not happen is not claimed", () => {
  const tell = (result: Result) => explainDifference(read, { label: "bodies never closed", result });
  assert.match(tell(cleanResult()), /never closed, 3 connections served 5,000 requests as well: no body was held\.$/);
  assert.match(tell(allFailedResult()), /never closed, no request completed\.$/);
  const limited = withConnections(leakingResult(), {
    dialed: 10,
    live: { start: 0, peak: 10, end: 10 },
    waiting: { start: 0, peak: 4990, end: 4990 },
    readLoops: { awaitingBodyRead: 10 },
  });
  const few = { ...limited, requests: { ...limited.requests, completed: 10 } };
  assert.match(tell(few), /: 10 live, .* nobody reads, and 4,990 requests waited for a connection in vain\.$/);
  const some = withConnections(leakingResult(), { dialed: 1000, readLoops: { awaitingBodyRead: 1000 } });
  assert.match(tell(some), /1,000 connections were dialed for 5,000 requests, and stayed/);
  const flat = { ...leakingResult(), memory: cleanResult().memory };
  const shrunk = { ...flat, memory: { ...flat.memory, rssBytes: { start: 10, peak: 10, end: 5 } } };
  assert.doesNotMatch(tell(shrunk), /\+|each,/);
});

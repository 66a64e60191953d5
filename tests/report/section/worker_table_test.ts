import assert from "node:assert/strict";
import test from "node:test";
import { workersSection } from "../../../lib/report/section/worker_table.ts";
import type { WorkerOutcome } from "../../../lib/result/result.ts";
import { cleanResult } from "../../support/result_fixture.ts";
import { given, proseOf, rowsOf } from "../blocks.ts";

const SOUND: WorkerOutcome = {
  offered: 1000,
  completed: 1000,
  failed: 0,
  responseP99Us: 900,
  lagP99Us: 100,
  loopDelayP99Us: 1500,
  cpuUs: 1_000_000,
};

function sectionOf(...workers: WorkerOutcome[]) {
  return given(workersSection({ ...cleanResult(), workers }));
}

/** The sentences about those that lag behind. */
function remarks(...workers: WorkerOutcome[]): string[] {
  const prose = proseOf(sectionOf(...workers));
  assert.ok(prose.every(({ tone }) => tone === "caution"));
  return prose.map(({ text }) => text);
}

test("worker table: a row for each, and no word where none is behind; none without workers", () => {
  const workers = [SOUND, { ...SOUND, cpuUs: null }, { ...SOUND, lagP99Us: 9_000, completed: 900 }];
  const rows = rowsOf(sectionOf(...workers));
  assert.deepEqual(rows[0], ["1", "1,000", "1,000", "0", "900 µs", "100 µs", "1.50 ms", "10.0 %"]);
  assert.deepEqual(rows.map((row) => row[0]), ["1", "2", "3"]);
  assert.equal(rows[1]!.at(-1), "–");
  assert.deepEqual(remarks(...workers), []);
  assert.equal(workersSection(cleanResult()), undefined);
});

test("worker table: the one that lags behind is named, with what it does worse", () => {
  const slow = (changes: Partial<WorkerOutcome>) => remarks(SOUND, { ...SOUND, ...changes }, SOUND);
  assert.deepEqual(slow({ lagP99Us: 50_000 }), [
    "Worker 2 lags behind: it sent requests up to 50.0 ms late (p99), the others 100 µs.",
  ]);
  assert.deepEqual(slow({ loopDelayP99Us: 80_000 }), [
    "Worker 2 lags behind: its event loop ran up to 80.0 ms late (p99), the others 1.50 ms.",
  ]);
  assert.deepEqual(slow({ completed: 500 }), ["Worker 2 lags behind: it completed 500 requests, the others 1,000."]);
  assert.match(remarks(SOUND, { ...SOUND, lagP99Us: 50_000 })[0]!, /^Worker 2 lags behind/);
  const all = { ...SOUND, lagP99Us: 50_000 };
  assert.deepEqual(remarks(all, all), []);
});

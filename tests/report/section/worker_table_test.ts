import assert from "node:assert/strict";
import test from "node:test";
import { renderWorkers } from "../../../lib/report/section/worker_table.ts";
import { renderTerminal } from "../../../lib/report/terminal.ts";
import { styleFor } from "../../../lib/report/text/style.ts";
import type { Result, WorkerOutcome } from "../../../lib/result/result.ts";
import { cleanResult } from "../../support/result_fixture.ts";

const SOUND: WorkerOutcome = {
  offered: 1000,
  completed: 1000,
  failed: 0,
  responseP99Us: 900,
  lagP99Us: 100,
  loopDelayP99Us: 1500,
  cpuUs: 1_000_000,
};

function rendered(...workers: WorkerOutcome[]): string {
  const result: Result = { ...cleanResult(), workers };
  return renderWorkers(result, 100, styleFor({ columns: 100, color: false })).join("\n");
}

test("worker table: a row for each, and no word where none is behind; none without workers", () => {
  const text = rendered(SOUND, { ...SOUND, cpuUs: null }, { ...SOUND, lagP99Us: 9_000, completed: 900 });
  assert.match(text, /^1 +1,000 +1,000 +0 +900 µs +100 µs +1\.50 ms +10\.0 %$/m);
  assert.match(text, /^2 .* –$/m);
  assert.doesNotMatch(text, /behind/);
  assert.doesNotMatch(renderTerminal(cleanResult(), { columns: 100, color: false }), /Workers/);
});

test("worker table: the one that lags behind is named, with what it does worse", () => {
  const slow = (changes: Partial<WorkerOutcome>) => rendered(SOUND, { ...SOUND, ...changes }, SOUND);
  assert.match(
    slow({ lagP99Us: 50_000 }),
    /^Worker 2 lags behind: it sent requests up to 50\.0 ms late \(p99\), the others 100 µs\.$/m,
  );
  assert.match(slow({ loopDelayP99Us: 80_000 }), /Worker 2 .* event loop ran up to 80\.0 ms late .* 1\.50 ms\.$/m);
  assert.match(slow({ completed: 500 }), /Worker 2 lags behind: it completed 500 requests, the others 1,000\.$/m);
  assert.match(rendered(SOUND, { ...SOUND, lagP99Us: 50_000 }), /Worker 2 lags behind/);
  const all = { ...SOUND, lagP99Us: 50_000 };
  assert.doesNotMatch(rendered(all, all), /behind/);
});

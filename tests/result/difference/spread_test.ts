import assert from "node:assert/strict";
import test from "node:test";
import { rateSpread } from "../../../lib/result/difference/spread.ts";
import type { Result } from "../../../lib/result/result.ts";
import { noisyRun } from "../../support/noisy_runs.ts";

const QUIET = { seconds: 10, rps: 400, betweenRuns: 0, betweenSeconds: 0, persistence: 0, bursts: 0 };

/** A run that sent for `sentForMs`, 400 a second answered at once, and then awaited 30 answers a second until it ended. */
function runWithGrace(seconds: number, sentForMs: number): Result {
  const run = noisyRun(1, { ...QUIET, seconds });
  const lines = Array.from({ length: seconds }, (_, second) => {
    const sent = Math.min(1000, Math.max(0, sentForMs - 1000 * second));
    const answeredInGrace = Math.round(30 * (1000 - sent) / 1000);
    const completed = Math.round(400 * sent / 1000) + answeredInGrace;
    return {
      ...run.series[0]!,
      second,
      lengthMs: 1000,
      completed,
      ...(sent < 1000 && { graceMs: 1000 - sent, answeredInGrace }),
    };
  });
  const blocks = run.blocks!.map((block, at) => ({ ...block, completed: lines[at]!.completed }));
  return { ...run, series: lines, blocks };
}

test("spread: a steady rate is steady, however long the answers were awaited after it", () => {
  const alone = rateSpread(runWithGrace(10, 10_000))!;
  assert.equal(alone.slow, 0);
  for (const [seconds, sentForMs] of [[11, 10_000], [11, 10_200], [11, 10_700], [20, 10_000], [20, 10_500]] as const) {
    const { slow, chance } = rateSpread(runWithGrace(seconds, sentForMs))!;
    assert.equal(slow, 0, `${seconds} s, ${sentForMs} ms of it sending`);
    assert.ok(Math.abs(chance / alone.chance - 1) < 0.1, `${chance} against ${alone.chance}`);
  }
});

test("spread: a block of several seconds loses the grace of each of them", () => {
  const run = runWithGrace(20, 11_000);
  const blocks = run.blocks!.filter((_, at) => at % 2 === 0).map((block, at) => ({
    ...block,
    lengthMs: 2000,
    completed: run.series[2 * at]!.completed + run.series[2 * at + 1]!.completed,
  }));
  assert.equal(rateSpread({ ...run, blocks })!.slow, 0);
});

test("spread: a rate that falls while requests are sent is not steady", () => {
  const run = runWithGrace(10, 10_000);
  const blocks = run.blocks!.map((block, at) => ({ ...block, completed: at < 5 ? 400 : 200 }));
  assert.ok(rateSpread({ ...run, blocks })!.slow > 0.05);
});

test("spread: a run that only awaited answers tells nothing of its rate", () => {
  assert.equal(rateSpread(runWithGrace(10, 1_000)), undefined);
});

import assert from "node:assert/strict";
import test from "node:test";
import { SlopeSamples } from "../../../lib/record/statistics/slope_samples.ts";

test("slope samples: of a run of any length they stay bounded and keep the trend", () => {
  const samples = new SlopeSamples(3);
  for (let i = 0; i < 100_000; i++) samples.add(i, i, 5);
  assert.equal(samples.slope(1, 0)!.slope, 1);
  assert.equal(samples.slope(2, 0)!.slope, 0);
});

test("slope samples: the start-up is left out, or whatever share is asked for", () => {
  const samples = new SlopeSamples(2);
  for (let i = 0; i < 100; i++) samples.add(i, i < 20 ? 100 * i : 2000 + (i < 60 ? i : 60 + 3 * (i - 60)));
  assert.equal(samples.slope(1, 0, 0.6)!.slope, 3);
  assert.ok(samples.slope(1, 0)!.slope < 4);
  assert.equal(samples.change(1), 2000 + 60 + 3 * 39 - 2020);
});

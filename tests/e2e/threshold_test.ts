import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { inFolder, loadgen } from "../support/cli.ts";
import { columnsOf } from "../support/comparison.ts";

test("thresholds: a rule that came true is exit code 99, and the report says by which value", async () => {
  const { code, stdout } = await loadgen(
    ["-n20", "-c2", "--latency", "20ms", "--fail-if", "p50 > 5ms", "--fail-if", "errors > 0"],
  );
  assert.equal(code, 99);
  assert.match(stdout, /✗ p50 > 5ms: it was \d[\d.]* m?s$/m);
  assert.match(stdout, /✓ errors > 0: it was 0$/m);
});

test("thresholds: kept ones are exit code 0, and stand in the result", async () => {
  const { code, stdout } = await loadgen([
    "-n20",
    "-c2",
    "--fail-if",
    "errors > 1%",
    "--abort-if",
    "p99>60s",
    "--json",
  ]);
  assert.equal(code, 0);
  const { thresholds } = parseResult(stdout, "stdout");
  assert.deepEqual(
    thresholds.map(({ expression, kind, abort, failed }) => ({ expression, kind, abort, failed })),
    [
      { expression: "errors > 1%", kind: "failIf", abort: false, failed: false },
      { expression: "p99>60s", kind: "failIf", abort: true, failed: false },
    ],
  );
});

test("thresholds: a rate that the server does not keep up with fails its rule, whatever comes in the grace", async () => {
  const slow = ["-r20", "-c10", "-d2s", "--grace", "10s", "--latency", "900ms", "--fail-if", "rps.achieved < 95%"];
  await Promise.all([[], ["-w2"]].map(async (workers) => {
    const { code, stdout } = await loadgen([...slow, ...workers, "--json"]);
    const { rps, requests, series } = parseResult(stdout, "stdout");
    assert.deepEqual([code, requests.completed], [99, 40]);
    assert.ok(rps.achieved <= 12, `${rps.achieved}/s`);
    assert.equal(Math.round(rps.achieved * 2) + rps.answeredInGrace!, 40);
    const inGrace = series.map(({ answeredInGrace = 0 }) => answeredInGrace);
    assert.equal(inGrace.reduce((sum, count) => sum + count), rps.answeredInGrace);
    assert.ok(series.every(({ lengthMs, graceMs = 0 }, second) => second < 2 ? graceMs === 0 : graceMs === lengthMs));
  }));
});

test("thresholds: what the run could not measure fails its rule", async () => {
  const { code, stdout } = await loadgen(["-n3", "-c1", "--client", "fetch", "--fail-if", "connect.p99 > 1s"]);
  assert.equal(code, 99);
  assert.match(stdout, /✗ connect\.p99 > 1s: failed, it could not be measured$/m);
});

test("thresholds: a scenario says what must hold, and a flag may add what must not", () =>
  inFolder(async (folder) => {
    const file = join(folder, "held.json");
    writeFileSync(file, JSON.stringify({ load: { requests: 5, connections: 1 }, thresholds: ["max < 1us"] }));
    const { code, stdout } = await loadgen(["run", file, "--fail-if", "connections.dialed > 50"]);
    assert.equal(code, 99);
    assert.match(stdout, /Thresholds\n +✗ max < 1us: it was /);
    assert.match(stdout, /Fail if\n +✓ connections\.dialed > 50: it was 1$/m);
  }));

test("thresholds: --abort-if ends the run after a second, with its report and exit code 99", async () => {
  const { code, stdout } = await loadgen(["-r", "50", "-d", "50s", "--abort-if", "max > 1us", "--json"]);
  assert.equal(code, 99);
  const { outcome, outcomeReason, durationMs } = parseResult(stdout, "stdout");
  assert.equal(outcome, "stopped");
  assert.match(outcomeReason, /^max > 1us came true: it was .+ after \d/);
  assert.ok(durationMs < 40_000, `${durationMs} ms`);
});

test("thresholds: a comparison heeds them under each runtime", async () => {
  const { code, stdout } = await loadgen(
    ["compare", "--runtimes", "node", "-r", "50", "-d", "50s", "--abort-if", "max > 1us", "--json"],
  );
  assert.equal(code, 99);
  const result = columnsOf(stdout)[0]?.result;
  assert.deepEqual([result?.outcome, result?.thresholds[0]?.failed], ["stopped", true]);
});

// Whether the latencies are true: runs against servers whose every delay is known.
//
// The machine may be busy, and a test must not fail for that. So the servers run in processes of their own and record
// what they really did, delays are large beside what a scheduler does, and where a figure is about a ms it is held
// against an allowance, not a ratio. `tests/bench/known_latency.ts` prints the close comparison for a quiet machine.

import assert from "node:assert/strict";
import test from "node:test";
import { runLoad } from "../../lib/load/run.ts";
import { latencyHistogram } from "../../lib/record/latency_recorder.ts";
import { summarize } from "../../lib/report/summary.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Freeze } from "../support/freezing_server.ts";
import { measureKnownLatency } from "../support/known_latency.ts";
import { TimedServer } from "../support/timed_server.ts";

const RPS = 100;
const FROZEN_INDEX = 150;
const FREEZE_MS = 2000;

test("honesty: while the server freezes each request ages from its due instant, and the service clock sees none of it", async () => {
  await using server = await TimedServer.start<Freeze>("freezing_server", FROZEN_INDEX, FREEZE_MS);
  // Few connections: their requests alone are on the wire when the server freezes, all others wait unsent. A generator
  // that counts from sending, or that waits for answers before it sends more, sees four slow requests of 500.
  const plan = resolve({
    request: { url: server.url },
    load: { rps: RPS, duration: "5s", grace: "10s" },
    transport: { maxConnsPerHost: 4 },
  });
  let startedMs = Infinity;
  const onProgress = ({ elapsedMs }: { readonly elapsedMs: number }): void => {
    // some time passes between the two readings: the least is the nearest
    startedMs = Math.min(startedMs, performance.timeOrigin + performance.now() - elapsedMs);
  };
  const result = summarize(plan, await runLoad(plan, { onProgress }));
  const { untilMs } = await server.report();

  assert.equal(result.requests.offered, 500);
  assert.equal(result.requests.completed, 500);
  assert.deepEqual(result.series.slice(0, 5).map(({ offered }) => offered), [100, 100, 100, 100, 100]);

  const exact = latencyHistogram();
  for (let i = 0; i < 500; i++) {
    const waitsMs = i < FROZEN_INDEX ? 0 : untilMs - (startedMs + (i * 1000) / RPS);
    exact.recordValue(Math.max(0, Math.round(waitsMs * 1000)));
  }
  const { response, service, lag } = result.latencyUs;
  // p90 is 1.5 s and p99 1.95 s: 3 % are 45 and 58 ms
  for (const [percentile, us] of [[90, response.p90], [99, response.p99]] as const) {
    const exactUs = exact.getValueAtPercentile(percentile);
    assert.ok(exactUs > 1_000_000, `p${percentile}: the freeze is in it`);
    assert.ok(Math.abs(us - exactUs) <= 0.03 * exactUs, `p${percentile}: ${us} µs, exactly ${exactUs} µs`);
  }
  // The freeze spares three of five requests. What they take, a ms or less, the machine decides: 3 % of it say nothing.
  assert.equal(exact.getValueAtPercentile(50), 0);
  assert.ok(response.p50 < 25_000, `p50: ${response.p50} µs`);

  assert.ok(service.max >= 0.95 * FREEZE_MS * 1000, `${service.max} µs: who was on the wire did wait`);
  assert.ok(service.p99 < response.p99 / 10, `service p99 ${service.p99} µs, response p99 ${response.p99} µs`);
  assert.ok(lag.p90 > 1_000_000, `${lag.p90} µs: the others waited for a connection`);
});

for (const delays of ["fixed", "log-normal"] as const) {
  test(`honesty: percentiles are those of the server's own delays, ${delays}`, async () => {
    const { completed, response, truth, longestStallUs } = await measureKnownLatency(delays, 1000, 2000);
    assert.equal(completed, 2000);
    for (const percentile of [50, 90, 99]) {
      const us = response.getValueAtPercentile(percentile);
      const trueUs = truth.getValueAtPercentile(percentile);
      const allowedUs = Math.max(0.02 * trueUs, 100);
      const what = `p${percentile}: ${us} µs, truly ${trueUs} µs`;
      // No answer arrives before it was sent, however busy the machine: this bound is causality's, request by request.
      assert.ok(us >= trueUs - allowedUs, what);
      // An answer is stamped late while the generator's thread has no core. A stall of less than the probe's 10 ms can
      // escape it, and two of them can meet: hence more than the stall that it saw.
      assert.ok(us <= trueUs + allowedUs + 10_000 + longestStallUs, `${what}, longest stall ${longestStallUs} µs`);
    }
  });
}

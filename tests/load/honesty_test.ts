// Whether the latencies are true: runs against servers whose every delay is known.
//
// The machine may be busy, and a test must not fail for that. So the servers run in processes of their own and record
// what they really did. What a run says is held between two bounds. No answer arrives before it was sent: the lower one
// is causality's, on any machine, and a generator that leaves out waiting breaks it. From above, an answer may be stamped
// late while the generator has no core: the run's own loop delay tells by how much.
// `tests/bench/known_latency.ts` prints the close comparison for a quiet machine.

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

/** A shorter stall may pass between two looks of the loop delay's probe. */
const LEAST_PROBED_US = 10_000;

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
  const { untilMs, answeredMs } = await server.report();

  assert.equal(result.requests.offered, 500);
  assert.equal(result.requests.completed, 500);
  assert.deepEqual(result.series.slice(0, 5).map(({ offered }) => offered), [100, 100, 100, 100, 100]);

  const least = latencyHistogram(); // from the schedule and the freeze alone
  const truth = latencyHistogram(); // and with what the server took for those who had waited
  for (let i = 0; i < 500; i++) {
    const dueMs = startedMs + (i * 1000) / RPS;
    least.recordValue(i < FROZEN_INDEX ? 0 : Math.max(0, Math.round((untilMs - dueMs) * 1000)));
    truth.recordValue(Math.max(0, Math.round((answeredMs[i]! - dueMs) * 1000)));
  }
  const { response, service, lag } = result.latencyUs;
  // On a quiet machine the two bounds are one: p90 is 1.5 s and p99 1.95 s. Of p50 3 % say nothing: the freeze spares three
  // of five requests, and the ms or less that they take is the machine's.
  const stampedLateUs = LEAST_PROBED_US + result.generator.loopDelayUs.max;
  for (const [percentile, us] of [[50, response.p50], [90, response.p90], [99, response.p99]] as const) {
    const [leastUs, trueUs] = [least, truth].map((histogram) => histogram.getValueAtPercentile(percentile));
    assert.equal(leastUs! > 1_000_000, percentile > 50, "the freeze is in p90 and p99, and not in p50");
    assert.ok(us >= 0.97 * leastUs!, `p${percentile}: ${us} µs, at least ${leastUs} µs`);
    assert.ok(us <= 1.03 * trueUs! + stampedLateUs, `p${percentile}: ${us} µs, truly ${trueUs} µs`);
  }

  assert.ok(service.max >= 0.95 * FREEZE_MS * 1000, `${service.max} µs: who was on the wire did wait`);
  assert.ok(service.p90 < response.p90 / 2, `service p90 ${service.p90} µs, response p90 ${response.p90} µs`);
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
      assert.ok(us >= trueUs - allowedUs, what);
      // A busy machine's stalls pile up in the tail beyond the longest of them: above, only the middle can be held to.
      if (percentile === 50) {
        assert.ok(us <= trueUs + allowedUs + LEAST_PROBED_US + longestStallUs, `${what}, stall ${longestStallUs} µs`);
      }
    }
  });
}

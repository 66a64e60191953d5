import assert from "node:assert/strict";
import test from "node:test";
import type { Clocks } from "../../lib/record/clocks.ts";
import { judgeGenerator } from "../../lib/result/generator_verdict.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { histogramOf, latenciesOf } from "../support/clocks.ts";

const OPEN = resolve({ load: { rps: 100 } });
const CLOSED = resolve({ load: { requests: 5 } });

const REQUESTS = { offered: 100, completed: 100, failed: 0, inFlight: 0, unsent: 0, byStatus: {}, byError: {} };

interface Facts {
  readonly cpuUs?: number;
  readonly runnableUs?: number;
  readonly durationMs?: number;
  readonly latency?: Partial<Clocks<readonly number[]>>;
  readonly loopDelayUs?: number;
}

function factsOf({ cpuUs = 1000, runnableUs = cpuUs, durationMs = 1000, latency = {}, loopDelayUs = 0 }: Facts) {
  const loopDelay = histogramOf(Array(100).fill(loopDelayUs));
  return { requests: REQUESTS, cpuUs, runnableUs, durationMs, loopDelay, latency: latenciesOf(latency) };
}

test("generator: in a closed loop a thread without rest is saturation, the CPU of its own start is not", () => {
  assert.equal(judgeGenerator(CLOSED, factsOf({ cpuUs: 22_000, durationMs: 10 })).verdict, "healthy");
  const busy = judgeGenerator(CLOSED, factsOf({ cpuUs: 400_000, runnableUs: 990_000 }));
  assert.deepEqual([busy.verdict, busy.limit], ["saturated", "generator"]);
  assert.match(busy.reason, /work for a whole core all the time, and got 40 % of a core/);
});

test("generator: an open loop that holds its times on a whole core is sound: a pacer may spin", () => {
  const { verdict, limit } = judgeGenerator(OPEN, factsOf({ cpuUs: 990_000, latency: { response: [900, 900] } }));
  assert.deepEqual([verdict, limit], ["healthy", "none"]);
});

test("generator: an event loop that runs late is told, whatever the CPU", () => {
  const { verdict, limit, reason } = judgeGenerator(
    OPEN,
    factsOf({ loopDelayUs: 50_000, latency: { response: [60_000, 60_000] } }),
  );
  assert.deepEqual([verdict, limit], ["saturated", "generator"]);
  assert.match(reason, /^it saw answers up to 50\.0 ms late \(p99\), on 0 % of a core: /);
  const both = judgeGenerator(
    OPEN,
    factsOf({ loopDelayUs: 50_000, latency: { response: [90_000], dispatch: [40_000] } }),
  );
  assert.match(both.reason, /^it sent requests up to 40\.0 ms late and saw answers up to 50\.0 ms late \(p99\)/);
});

test("generator: a slow server is not the generator's fault, and neither is the wait for a connection", () => {
  const slow = judgeGenerator(OPEN, factsOf({ loopDelayUs: 12_000, latency: { response: [300_000], wait: [0] } }));
  assert.deepEqual([slow.verdict, slow.limit], ["healthy", "server"]);
  assert.match(
    slow.reason,
    /of a response time of 300 ms \(p99\) 12\.0 ms at most were its own, the rest was the server's\.$/,
  );
  const waited = judgeGenerator(OPEN, factsOf({ latency: { response: [300_000], lag: [290_000], wait: [290_000] } }));
  assert.equal(waited.limit, "server");
  assert.match(waited.reason, /next to nothing was its own, .* with up to 290 ms of waiting for a connection\.$/);
});

test("generator: a quick closed loop says that it waited, not that it added as much as there was", () => {
  const quick = { loopDelayUs: 1_410, latency: { response: Array(100).fill(1_410) } };
  const { limit, reason } = judgeGenerator(CLOSED, factsOf({ ...quick, cpuUs: 300_000 }));
  assert.equal(limit, "server");
  assert.equal(
    reason,
    "the generator kept up, on 30 % of a core: for 70 % of the time it had nothing to do but wait for the server.",
  );
  assert.equal(judgeGenerator(OPEN, factsOf(quick)).reason, "the generator kept up, on 0 % of a core.");
});

test("generator: requests without an answer count with their age", () => {
  assert.equal(judgeGenerator(OPEN, factsOf({ latency: { censored: [2_000_000] } })).limit, "server");
  const late = judgeGenerator(OPEN, factsOf({ latency: { censored: [2_000_000], dispatch: [1_900_000] } }));
  assert.equal(late.limit, "generator");
});

import fc from "fast-check";
import assert from "node:assert/strict";
import test from "node:test";
import { Series } from "../../lib/load/account/series.ts";
import { Tally } from "../../lib/load/account/tally.ts";
import { intervalsOf, totalsOf } from "../../lib/load/account/account.ts";
import { ShardReport } from "../../lib/load/link/shard_report.ts";
import { CLOCKS, eachClock } from "../../lib/record/clocks.ts";
import { LatencyRecorder } from "../../lib/record/latency_recorder.ts";
import { packHistogram } from "../../lib/record/packed_histogram.ts";
import { PERCENTILES } from "../../lib/record/percentile.ts";
import { digestOf, digestsOf } from "../../lib/result/digest.ts";
import { encodeSecond } from "../../lib/result/encoded_second.ts";
import { journalHead, journalSecond } from "../../lib/result/journal.ts";
import { readJournal } from "../../lib/result/journal_reader.ts";
import type { Latency } from "../../lib/result/result.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { runs } from "../fuzz/runs.ts";
import { latenciesMs } from "../support/latencies_arbitrary.ts";
import { secondOf, stateOf } from "../support/second_fixture.ts";

const NAMES = ["min", ...Object.keys(PERCENTILES), "max"] as (keyof Latency)[];
const SAMPLE = { rssBytes: 1, heapBytes: 1, externalBytes: 1, cpuUs: 0, runnableUs: 0 };
const COUNTS = { dialing: 0, inUse: 0, idle: 0, waiting: 0, heldBodies: 0 };
const PLAN = resolve({ request: { url: "http://127.0.0.1/" }, load: { rps: 2 } }, "t");
const START = {
  runtime: { name: "node", version: "22.0.0", os: "linux", arch: "x64", cpus: 2 },
  socket: "node",
  startedAt: new Date(0),
} as const;

function assertRising(latency: Latency, what: string): void {
  const figures = NAMES.map((name) => Number(latency[name]));
  assert.deepEqual(figures, [...figures].sort((a, b) => a - b), what);
  assert.ok(latency.mean <= latency.max, `${what}: mean ${latency.mean}, max ${latency.max}`);
}

/** Records the same latencies in every clock, of an error and of one of several requests. */
function record(tally: Tally, spansMs: readonly number[]): void {
  for (const ms of spansMs) {
    for (const clock of CLOCKS) tally.clocks[clock].recordMs(ms);
    tally.errors.count("dial/ECONNREFUSED", ms);
    tally.ofRequest(0).recordMs(ms);
  }
}

test("digest: wherever a run tells percentiles, they rise to the maximum and none is above it", () => {
  fc.assert(
    fc.property(fc.array(latenciesMs, { minLength: 1, maxLength: 3 }), (seconds) => {
      const tally = new Tally();
      const loopDelay = new LatencyRecorder();
      const shard = new ShardReport();
      let journal = journalHead(PLAN, START);
      const series = new Series(tally, loopDelay, SAMPLE, false, (line) => {
        const latency = intervalsOf(tally);
        const errorLatency = tally.errorLatencies();
        const maxUs = latency.response.maxValue;
        assert.ok(line.p50Us <= line.p99Us && line.p99Us <= line.maxUs, `${line.p99Us} above ${line.maxUs}`);
        assert.equal(line.maxUs, maxUs);
        assert.ok(Math.max(line.lagP99Us, line.waitP99Us, line.loopDelayP99Us) <= maxUs);
        const told = { line, latency, errorLatency, state: stateOf(0, 1000), loopDelay: loopDelay.total };
        journal += journalSecond(encodeSecond({ ...secondOf(line.second, []), ...told }));
      });
      for (const [second, spansMs] of seconds.entries()) {
        record(tally, spansMs);
        for (const ms of spansMs) loopDelay.recordMs(ms);
        shard.tell({
          elapsedMs: 1000 * (second + 1),
          answeredInGrace: 0,
          offered: 0,
          completed: 0,
          failed: 0,
          inFlight: 0,
          unsent: 0,
          latency: eachClock((clock) => packHistogram(tally.clocks[clock].interval)),
          loopDelay: packHistogram(loopDelay.interval),
          lateUs: 0,
          oldestMs: 0,
          byStatus: {},
          errors: {},
          byRequest: [],
          heldByRequest: [0],
          traffic: { bytesSent: 0, bytesReceived: 0 },
          census: stateOf(0, 1).census,
          thread: undefined,
        }, 0);
        shard.take();
        series.fold({
          elapsedMs: 1000 * (second + 1),
          dispatchedForMs: 1000 * (second + 1),
          offered: 0,
          sample: SAMPLE,
          counts: COUNTS,
          lateUs: 0,
          oldestMs: 0,
        });
      }
      const { byError, ...clocks } = digestsOf({ latency: totalsOf(tally), errorLatency: tally.errorLatencies() });
      for (const [clock, latency] of Object.entries(clocks)) assertRising(latency, clock);
      for (const [key, latency] of Object.entries(byError)) assertRising(latency, key);
      assertRising(digestOf(tally.ofRequest(0).account(0).response), "one of several requests");
      const { responseP99Us, lagP99Us, loopDelayP99Us } = shard.figures()[0]!;
      assert.ok(Math.max(responseP99Us, lagP99Us, loopDelayP99Us) <= clocks.service.max, "a worker's");
      const recovered = readJournal(journal, "x.journal");
      assert.deepEqual(recovered.latencyUs, { ...clocks, byError }, "the journal's");
      assert.deepEqual(recovered.series, series.lines);
      const { p50, p99, max } = recovered.generator.loopDelayUs;
      assert.ok(p50 <= p99 && p99 <= max && max === clocks.service.max, "the event loop's");
    }),
    runs(30),
  );
});

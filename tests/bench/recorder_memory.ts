// What the account of 10⁸ requests keeps, and what a request costs in it. The requests are simulated: the generator, its
// clocks, the series, the slopes and the journal are those of a run, the driver answers by itself, and time is pushed on.
//
//   node dist/tests/bench/recorder_memory.js [requests]
//
// Memory after the first million requests and at each tenth of all: RSS, and what a garbage collection leaves.

import process from "node:process";
import { ResponseHead } from "../../lib/http1/response_head.ts";
import { intervalsOf } from "../../lib/load/account/account.ts";
import { Series } from "../../lib/load/account/series.ts";
import { Attempt } from "../../lib/load/driver/attempt.ts";
import type { Driver } from "../../lib/load/driver/driver.ts";
import { generatorOf } from "../../lib/load/generator/generator_of.ts";
import { LatencyRecorder } from "../../lib/record/latency_recorder.ts";
import { ProcessSampler } from "../../lib/record/process_sampler.ts";
import { StateSamples } from "../../lib/load/slopes.ts";
import { encodeSecond } from "../../lib/result/encoded_second.ts";
import { journalSecond } from "../../lib/result/journal.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { collectRounds } from "../support/collect_garbage.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { stateOf } from "../support/second_fixture.ts";

const RPS = 50_000;
const SAMPLE_MS = 100;
const MILLION = 1e6;

const requests = Number(process.argv[2] ?? 1e8);
const clock = new FakeClock();
const head = new ResponseHead();
head.status = 200;
let sent = 0;
const driver: Driver = {
  exhausted: false,
  attempt: (owner) => new Attempt(owner, 0),
  send(attempt) {
    sent += 1;
    clock.lag(0.002);
    attempt.sent(false);
    clock.lag((sent % 1009) * 0.000_01 + (sent % 9973 === 0 ? 0.5 : 0));
    attempt.firstByte(false);
    attempt.head(head);
    attempt.end();
  },
};
const pacer = { wakeAt: () => {}, cancel: () => {}, stop: () => {} };
const never = { beforeSend: () => undefined, onError: () => undefined };
const plan = resolve({ request: { timeout: "0" }, load: { rps: RPS, requests } });
const generator = generatorOf(plan, driver, never, pacer, clock);
const sampler = new ProcessSampler();
const slopes = new StateSamples();
const loopDelay = new LatencyRecorder();
let journalMs = 0;
let journalBytes = 0;
const counts = { dialing: 0, inUse: 0, idle: 1, waiting: 0, heldBodies: 0 };
const series = new Series(generator.tally, loopDelay, sampler.sample(), false, (line) => {
  const at = performance.now();
  const { tally } = generator;
  const state = stateOf(tally.completed, clock.nowMs());
  const latency = intervalsOf(tally);
  const { lengthMs } = line;
  const second = { line, lengthMs, latency, state, samples: [], errorLatency: {}, loopDelay: loopDelay.total };
  journalBytes += journalSecond(encodeSecond(second)).length;
  journalMs += performance.now() - at;
});

async function tell(done: number): Promise<void> {
  await collectRounds(3);
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  console.log(`${done} requests: RSS ${mib(rss)} MiB, ${mib(heapUsed + arrayBuffers)} MiB kept`);
}

let spentMs = 0;
const tenths = Array.from({ length: 10 }, (_, tenth) => (requests * (tenth + 1)) / 10);
generator.start();
for (const until of [...(requests > MILLION ? [MILLION] : []), ...tenths]) {
  const from = performance.now();
  while (generator.tally.completed < until) {
    clock.lag(SAMPLE_MS);
    generator.dispatchDue();
    const { completed } = generator.tally;
    const sample = sampler.sample();
    slopes.add([completed, 1, sample.rssBytes, 0]);
    loopDelay.recordMs(1);
    const elapsedMs = generator.elapsedMs();
    if (elapsedMs >= (series.second + 1) * 1000) {
      series.fold({
        elapsedMs,
        dispatchedForMs: elapsedMs,
        offered: completed,
        sample,
        counts,
        lateUs: 0,
        oldestMs: 0,
      });
    }
  }
  spentMs += performance.now() - from;
  await tell(generator.tally.completed);
}
sampler.close();
const lines = series.lines.length;
console.log(`${(((spentMs - journalMs) * 1e6) / requests).toFixed(0)} ns a request`);
console.log(`journal: ${(journalMs / lines).toFixed(2)} ms and ${Math.round(journalBytes / lines)} bytes a second`);

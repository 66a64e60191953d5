// What a recorder and a slope keep of 10⁸ requests, and what recording one costs:
//   node --expose-gc dist/tests/bench/recorder_memory.js [requests]

import type { Histogram } from "hdr-histogram-js";
import process from "node:process";
import { CLOCKS, type Clocks } from "../../lib/load/account.ts";
import { LatencyRecorder } from "../../lib/record/latency_recorder.ts";
import { SlopeSamples } from "../../lib/record/slope.ts";
import { encodeSecond } from "../../lib/report/encoded_second.ts";
import { journalSecond } from "../../lib/report/journal.ts";
import { collectRounds } from "../support/collect_garbage.ts";
import { secondOf } from "../support/second_fixture.ts";

const PER_SECOND = 50_000;

const requests = Number(process.argv[2] ?? 1e8);
const recorder = new LatencyRecorder();
const slopes = new SlopeSamples(2);
const loopDelay = new LatencyRecorder();
let spentMs = 0;
let journalMs = 0;
let journalBytes = 0;

async function retainedBytes(): Promise<number> {
  await collectRounds(3);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

for (let done = 0; done < requests;) {
  const until = Math.min(requests, done + requests / 10);
  const from = performance.now();
  for (; done < until; done++) {
    recorder.recordMs(0.3 + (done % 1009) * 0.0071 + (done % 997 === 0 ? 40 : 0));
    if (done % (PER_SECOND / 10) === 0) slopes.add(done, 10, 8e7);
    if (done % PER_SECOND === 0) {
      const at = performance.now();
      const { interval } = recorder;
      const latency = Object.fromEntries(CLOCKS.map((clock) => [clock, interval])) as Clocks<Histogram>;
      const second = secondOf(done / PER_SECOND, [], { latency, loopDelay: loopDelay.total });
      journalBytes += journalSecond(encodeSecond(second)).length;
      journalMs += performance.now() - at;
      recorder.fold();
    }
  }
  spentMs += performance.now() - from;
  console.log(`${done} requests: ${await retainedBytes()} bytes retained`);
}
const seconds = requests / PER_SECOND;
console.log(`${(((spentMs - journalMs) * 1e6) / requests).toFixed(1)} ns a record`);
console.log(`journal: ${(journalMs / seconds).toFixed(2)} ms and ${Math.round(journalBytes / seconds)} bytes a second`);

// How true the response percentiles are on a quiet machine: held against what the server says that it really did.
//
//   node dist/tests/bench/known_latency.js [rps] [seconds] [rounds] [warm-up seconds]
//
// For each round and kind of delay: p50, p90 and p99 as the run says, their truth, and whether the difference is within
// 2 % or 100 µs, whichever is more.

import process from "node:process";
import { measureKnownLatency } from "../support/known_latency.ts";

const [rps = 1000, seconds = 3, rounds = 3, warmup = 2] = process.argv.slice(2).map(Number);

for (let round = 0; round < rounds; round++) {
  for (const delays of ["fixed", "log-normal"] as const) {
    const { response, truth } = await measureKnownLatency(delays, rps, rps * seconds, rps * warmup);
    const words = [50, 90, 99].map((percentile) => {
      const us = response.getValueAtPercentile(percentile);
      const trueUs = truth.getValueAtPercentile(percentile);
      const within = Math.abs(us - trueUs) <= Math.max(0.02 * trueUs, 100);
      return `p${percentile} ${us} µs, truly ${trueUs} (${us < trueUs ? "" : "+"}${us - trueUs}${
        within ? "" : ": off"
      })`;
    });
    console.log(`${delays.padEnd(10)}  ${words.join("  ")}`);
  }
}

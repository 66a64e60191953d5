// How true the response percentiles are: held against what a server of known delays says that it really did.
//
//   node dist/tests/bench/known_latency.js [rps] [seconds] [rounds]
//   deno run -A --no-check tests/bench/known_latency.ts
//   bun tests/bench/known_latency.ts
//
// For each round and kind of delay: p50, p90 and p99 as the run says, their truth, and whether the difference is within
// 2 % or 100 µs, whichever is more; then the same of the rounds' medians. A round is off where something else had the
// client's core for 30 of 6,000 ms: that many requests are sent late, and as many others are received late.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Answers } from "../support/delaying_server.ts";
import { measureKnownLatency, type Stretch } from "../support/known_latency.ts";
import { TimedServer } from "../support/timed_server.ts";
import { compile } from "./compile.ts";
import { median } from "./median.ts";

const PERCENTILES = [50, 90, 99] as const;
const KINDS = ["fixed", "log-normal"] as const;

const [rps = 1000, seconds = 6, rounds = 5] = process.argv.slice(2).map(Number);
const measured: Stretch = { rps, requests: rps * seconds };
// A runtime compiles a function once it was called some ten thousand times, and does so on the cores that are measured.
const warmUps: readonly Stretch[] = [{ rps: 10_000, requests: 50_000 }, { rps, requests: 2 * rps }];

interface Figure {
  readonly us: number;
  readonly trueUs: number;
}

/** As words. */
function compared({ us, trueUs }: Figure): string {
  const offUs = Math.round(us - trueUs);
  const within = Math.abs(offUs) <= Math.max(0.02 * trueUs, 100);
  return `${us} µs, truly ${trueUs} (${offUs < 0 ? "" : "+"}${offUs}${within ? "" : ": off"})`;
}

function print(title: string, figures: readonly Figure[]): void {
  console.log(`${title.padEnd(18)}  ${PERCENTILES.map((p, i) => `p${p} ${compared(figures[i]!)}`).join("  ")}`);
}

const folder = mkdtempSync(join(tmpdir(), "loadgen-known-latency-"));
try {
  const binary = compile("delaying_target", folder, "-pthread", "-lm");
  const all: Record<typeof KINDS[number], Figure[][]> = { "fixed": [], "log-normal": [] };
  for (let round = 0; round < rounds; round++) {
    for (const kind of KINDS) {
      await using server = await TimedServer.spawn<Answers>(binary, kind, "awake");
      const { response, truth } = await measureKnownLatency(server, measured, warmUps);
      const figures = PERCENTILES.map((percentile): Figure => ({
        us: response.getValueAtPercentile(percentile),
        trueUs: truth.getValueAtPercentile(percentile),
      }));
      all[kind].push(figures);
      print(kind, figures);
    }
  }
  for (const kind of KINDS) {
    // the median of the differences: a round's truth has that round's disturbance in it
    print(
      `${kind}, median`,
      PERCENTILES.map((_, i) => {
        const trueUs = median(all[kind].map((figures) => figures[i]!.trueUs));
        return { us: trueUs + median(all[kind].map((figures) => figures[i]!.us - figures[i]!.trueUs)), trueUs };
      }),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// What comparisons say of runs made from seeds: `node dist/tests/bench/seeded_differences.js [PAIRS OF EACH KIND]` prints
// in how many pairs something was seen, for lib/result/README.md. The seeds are others than those of the test.

import process from "node:process";
import { differencesOf } from "../../lib/result/difference/difference.ts";
import { BUSY, type Noise, noisyRun, QUIET, type Regression } from "../support/noisy_runs.ts";

interface Kind {
  readonly name: string;
  readonly noise: Noise;
  readonly regression?: Regression;
  /** How many runs the baseline is. */
  readonly baselines?: number;
  /** The figures to count; of the same runs, any. */
  readonly metrics?: readonly string[];
}

const DRIFT: Noise = { ...QUIET, betweenSeconds: 0.1 };

const SLOWER = { regression: { slower: 1.3 }, metrics: ["p50", "p99"] };

const KINDS: readonly Kind[] = [
  { name: "the same: runs and seconds 3 % apart", noise: QUIET },
  { name: "the same: runs 20 % apart, seconds 50 %, bursts in three of ten", noise: BUSY },
  { name: "the same: drift of 10 % over 20 s", noise: { ...DRIFT, persistence: 0.95 } },
  { name: "the same: drift of 10 % over 100 s", noise: { ...DRIFT, persistence: 0.99 } },
  { name: "the same: drift of 10 % over 100 s, five baselines", noise: { ...DRIFT, persistence: 0.99 }, baselines: 5 },
  { name: "30 % slower: runs and seconds 3 % apart", noise: QUIET, ...SLOWER },
  { name: "30 % slower: the same with bursts in three of ten", noise: { ...QUIET, bursts: 0.3 }, ...SLOWER },
  { name: "2 % fail: runs and seconds 3 % apart", noise: QUIET, regression: { failing: 0.02 }, metrics: ["errors"] },
];

const FIRST_SEED = 1000;

const pairs = Number(process.argv[2] ?? 100);
console.log("| runs | seen |\n| --- | --- |");
for (const { name, noise, regression, baselines = 1, metrics = ["anything"] } of KINDS) {
  const each = baselines + 1;
  const seen = Array.from({ length: pairs }, (_, pair) => {
    const seed = FIRST_SEED + each * pair;
    const before = Array.from({ length: baselines }, (_, at) => noisyRun(seed + at, noise));
    return differencesOf(before, [noisyRun(seed + baselines, noise, regression)])
      .filter(({ verdict }) => verdict !== "none seen").map(({ metric }) => metric);
  });
  const counts = metrics.map((metric) => {
    const count = seen.filter((names) => metric === "anything" ? names.length > 0 : names.includes(metric)).length;
    return `${metric} ${count}`;
  });
  console.log(`| ${name} | ${counts.join(", ")} of ${pairs} |`);
}

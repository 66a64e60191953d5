// Results of runs that vary as real ones do, made without a run and the same for the same seed: each run has a level of
// its own, each second another, and each request its chance.

import { latencyHistogram } from "../../lib/record/latency_recorder.ts";
import { digestOf } from "../../lib/result/digest.ts";
import { writeHdr } from "../../lib/result/hdr.ts";
import type { Result } from "../../lib/result/result.ts";
import { cleanResult, randomNumbers } from "./result_fixture.ts";

export interface Noise {
  readonly seconds: number;
  readonly rps: number;
  /** Standard deviation of a run's level, as a share: what a second run of the same would be off by. */
  readonly betweenRuns: number;
  /** The same of a second's level within its run. */
  readonly betweenSeconds: number;
  /** How much of a second's level the next one keeps, 0 to 1. */
  readonly persistence: number;
  /** The share of seconds with a burst of something else, which makes a twentieth of its requests ten times as slow. */
  readonly bursts: number;
}

/** A machine with little else to do: two runs of the same are some 3 % apart, and so are two seconds of a run. */
export const QUIET: Noise = {
  seconds: 12,
  rps: 400,
  betweenRuns: 0.03,
  betweenSeconds: 0.03,
  persistence: 0.5,
  bursts: 0,
};

/** One with neighbours: seconds are half as slow again, and some have a burst. */
export const BUSY: Noise = { ...QUIET, betweenRuns: 0.2, betweenSeconds: 0.5, bursts: 0.3 };

/** What differs from the run before. */
export interface Regression {
  /** All latencies times this. */
  readonly slower?: number;
  /** Those of the slowest fiftieth alone, times this. */
  readonly slowerTail?: number;
  /** The share that fails. */
  readonly failing?: number;
}

export function noisyRun(
  seed: number,
  noise: Noise,
  { slower = 1, slowerTail = 1, failing = 0 }: Regression = {},
): Result {
  const random = randomNumbers(seed * 7919 + 17);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const level = Math.exp(noise.betweenRuns * normal());
  const all = latencyHistogram(64);
  let drift = noise.betweenSeconds * normal();
  let failed = 0;
  const blocks = Array.from({ length: noise.seconds }, (_, second) => {
    const interval = latencyHistogram();
    const burst = random() < noise.bursts;
    const failing_ = Array.from({ length: noise.rps }, () => {
      const deviate = normal();
      const tail = deviate > 2.054 ? slowerTail : 1;
      const slow = burst && random() < 0.05 ? 10 : 1;
      interval.recordValue(
        Math.max(1, Math.round(1000 * level * slower * tail * slow * Math.exp(drift + 0.55 * deviate))),
      );
      return random() < failing;
    }).filter(Boolean).length;
    failed += failing_;
    all.add(interval);
    drift = noise.persistence * drift + Math.sqrt(1 - noise.persistence ** 2) * noise.betweenSeconds * normal();
    const hdr = writeHdr(interval);
    return {
      second,
      lengthMs: 1000,
      completed: noise.rps - failing_,
      failed: failing_,
      dialed: second === 0 ? 4 : 0,
      latencyUs: { response: hdr, service: hdr },
    };
  });
  const offered = noise.rps * noise.seconds;
  const result = cleanResult();
  const latency = digestOf(all);
  return {
    ...result,
    requests: { ...result.requests, offered, completed: offered - failed, failed },
    rps: { target: noise.rps, achieved: noise.rps * (offered - failed) / offered },
    latencyUs: { ...result.latencyUs, response: { ...latency, lowerBounds: [] }, service: latency },
    connections: { ...result.connections, dialed: 4 },
    memory: {
      ...result.memory,
      rssBytes: { start: 50e6, peak: 60e6 * Math.exp(0.03 * normal()), end: 58e6 * Math.exp(0.03 * normal()) },
    },
    blocks,
  };
}

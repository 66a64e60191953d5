// What a result tells of a latency: its figures and, encoded, its whole distribution, also block by block.

import type { Histogram } from "hdr-histogram-js";
import { CensoredDistribution } from "../load/judge/censoring.ts";
import type { Measurement } from "../load/measurement.ts";
import { eachClock } from "../record/clocks.ts";
import { latencyHistogram } from "../record/latency_recorder.ts";
import { addPacked, type PackedHistogram } from "../record/packed_histogram.ts";
import { eachPercentile, meanUs, type PercentileName, PERCENTILES, percentileUs } from "../record/percentile.ts";
import { writeHdr } from "./hdr.ts";
import type { Latency, Result } from "./result.ts";

/** Each clock of a run, and its errors. What was censored is in `response`, with its age. */
export function digestsOf(
  { latency, errorLatency }: Pick<Measurement, "latency" | "errorLatency">,
): Result["latencyUs"] {
  const response = new CensoredDistribution(latency.response, latency.censored);
  const digests = eachClock((clock) => digestOf(clock === "response" ? response.all : latency[clock]));
  return {
    ...digests,
    response: { ...digests.response, lowerBounds: lowerBoundsOf(response) },
    byError: Object.fromEntries(Object.entries(errorLatency).map(([key, histogram]) => [key, digestOf(histogram)])),
  };
}

export function digestOf(histogram: Histogram): Latency {
  return {
    count: histogram.totalCount,
    min: percentileUs(histogram, 0),
    mean: toHundredths(meanUs(histogram)),
    stdDev: toHundredths(histogram.stdDeviation),
    ...eachPercentile((percentile) => percentileUs(histogram, percentile)),
    max: histogram.maxValue,
    hdr: writeHdr(histogram),
  };
}

/** The blocks of a run, their distributions encoded. */
export function blocksOf({ blocks }: Pick<Measurement, "blocks">): NonNullable<Result["blocks"]> {
  return blocks.map(({ response, service, lengthMs, ...counts }) => ({
    ...counts,
    lengthMs: toHundredths(lengthMs),
    latencyUs: { response: writeHdr(unpacked(response)), service: writeHdr(unpacked(service)) },
  }));
}

function unpacked(packed: PackedHistogram): Histogram {
  const histogram = latencyHistogram(64);
  addPacked(histogram, packed);
  return histogram;
}

function lowerBoundsOf(response: CensoredDistribution): Result["latencyUs"]["response"]["lowerBounds"] {
  if (!response.isCensored) return [];
  const names = Object.keys(PERCENTILES) as PercentileName[];
  const percentiles = names.filter((name) => response.isLowerBound(PERCENTILES[name]));
  return ["mean", ...(response.isLowerBound(0) ? ["min" as const] : []), ...percentiles, "max"];
}

function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

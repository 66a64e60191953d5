import type { Histogram } from "hdr-histogram-js";
import { type Clocks, eachClock } from "../../lib/record/clocks.ts";
import { latencyHistogram } from "../../lib/record/latency_recorder.ts";

/** A histogram of these values in µs. */
export function histogramOf(valuesUs: readonly number[]): Histogram {
  const histogram = latencyHistogram();
  for (const value of valuesUs) histogram.recordValue(value);
  return histogram;
}

/** The latencies of a run: those given, and nothing in the others. */
export function latenciesOf(given: Partial<Clocks<readonly number[]>>): Clocks<Histogram> {
  return eachClock((clock) => histogramOf(given[clock] ?? []));
}

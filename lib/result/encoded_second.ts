// A second of a run whose histograms are text: what the journal and the logs are made of.

import type { Histogram } from "hdr-histogram-js";
import type { RequestAccount } from "../load/account/request_tally.ts";
import type { Second } from "../load/observer.ts";
import type { Clocks } from "../record/clocks.ts";
import { writeHdr } from "./hdr.ts";

/** One latency of one second. `max` is exact; HDR keeps three digits. */
export interface EncodedLatency {
  readonly max: number;
  readonly hdr: string;
}

/** A second whose histograms are text, for whoever writes them: encoding is what takes time, so it is done once. */
export interface EncodedSecond extends Pick<Second, "line" | "lengthMs" | "state" | "samples"> {
  readonly latencyUs: Clocks<EncodedLatency>;
  readonly errorLatencyUs: Readonly<Record<string, EncodedLatency>>;
  readonly loopDelayUs: EncodedLatency;
  /** Since the run's beginning; undefined: the plan has one request. */
  readonly byRequest?: readonly EncodedRequest[] | undefined;
}

/** The account of one of several requests. */
export interface EncodedRequest extends Omit<RequestAccount, "response" | "failures"> {
  readonly responseUs: EncodedLatency;
  readonly failuresUs: EncodedLatency;
}

export function encodeSecond(second: Second): EncodedSecond {
  const { line, lengthMs, latency, state, samples, errorLatency, byRequest, loopDelay } = second;
  return {
    line,
    lengthMs,
    state,
    samples,
    latencyUs: encodeEach(latency) as Clocks<EncodedLatency>,
    errorLatencyUs: encodeEach(errorLatency),
    loopDelayUs: encode(loopDelay),
    byRequest: byRequest?.map(({ response, failures, ...account }) => ({
      ...account,
      responseUs: encode(response),
      failuresUs: encode(failures),
    })),
  };
}

function encodeEach(histograms: Readonly<Record<string, Histogram>>): Record<string, EncodedLatency> {
  return Object.fromEntries(Object.entries(histograms).map(([name, histogram]) => [name, encode(histogram)]));
}

function encode(histogram: Histogram): EncodedLatency {
  return { max: histogram.maxValue, hdr: writeHdr(histogram) };
}

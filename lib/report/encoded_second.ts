import { LATENCIES, type Second } from "../load/run_journal.ts";
import { writeHdr } from "./hdr.ts";

/** One latency of one second; `max` is exact, where HDR keeps three digits. */
export interface EncodedLatency {
  readonly max: number;
  readonly hdr: string;
}

/** A second whose histograms are text, for whoever writes them: encoding is what takes time, so it is done once. */
export interface EncodedSecond extends Pick<Second, "line" | "lengthMs" | "state" | "samples"> {
  readonly latencyUs: Readonly<Record<(typeof LATENCIES)[number], EncodedLatency>>;
  readonly loopDelayUs: EncodedLatency;
}

export function encodeSecond({ line, lengthMs, latency, state, samples, loopDelay }: Second): EncodedSecond {
  const { response, service, lag, connect, firstByte } = latency;
  return {
    line,
    lengthMs,
    state,
    samples,
    latencyUs: {
      response: encode(response),
      service: encode(service),
      lag: encode(lag),
      connect: encode(connect),
      firstByte: encode(firstByte),
    },
    loopDelayUs: encode(loopDelay),
  };
}

function encode(histogram: Second["loopDelay"]): EncodedLatency {
  return { max: histogram.maxValue, hdr: writeHdr(histogram) };
}

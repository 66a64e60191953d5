import { LatencyRecorder } from "../record/latency_recorder.ts";
import type { ProcessSample } from "../record/process_sampler.ts";
import { CLOCKS } from "./account.ts";
import { Series } from "./series.ts";
import { Tally } from "./tally.ts";

/** After so many the runtimes have compiled what a second's end takes. */
const SECONDS = 6;

const NOTHING: ProcessSample = { rssBytes: 0, heapBytes: 0, externalBytes: 0, cpuUs: 0, runnableUs: 0 };

/**
 * Ends some seconds of a run that never was. The first time that takes 15 to 30 ms, in which no request is sent; later,
 * when its code is compiled, 1 ms. A run that has rehearsed it keeps its second second on time.
 */
export function rehearse(): void {
  const tally = new Tally();
  const loopDelay = new LatencyRecorder();
  const series = new Series(tally, loopDelay, NOTHING, false);
  for (let second = 1; second <= SECONDS; second++) {
    for (const spanMs of [0.1, 1, 10, 100]) {
      for (const clock of CLOCKS) tally.clocks[clock].recordMs(spanMs);
      loopDelay.recordMs(spanMs);
      tally.offered += 1;
      tally.completed += 1;
    }
    const counts = { dialing: 0, inUse: 0, idle: 1, waiting: 0 };
    series.fold({ elapsedMs: second * 1000, offered: tally.offered, sample: NOTHING, counts, lateUs: 0, oldestMs: 0 });
  }
}

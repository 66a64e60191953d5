// Whoever follows a run: the journal, a progress line, a screen, an exporter. A run may have several.

import type { Histogram } from "hdr-histogram-js";
import type { Clocks } from "../record/clocks.ts";
import type { RequestAccount } from "./account/request_tally.ts";
import type { SeriesLine } from "./account/series.ts";
import type { Measurement, RunStart, RunState } from "./measurement.ts";
import type { Progress } from "./progress.ts";
import type { StateSample } from "./slopes.ts";

/** A second that is over. Valid during the call alone: its histograms and ranges are used again. */
export interface Second {
  readonly line: SeriesLine;
  /** 1000 but for the run's last second. */
  readonly lengthMs: number;
  /** What was recorded in this second: the intervals of all seconds add up to the run's totals. */
  readonly latency: Clocks<Histogram>;
  readonly state: RunState;
  /** Those taken in this second. */
  readonly samples: readonly StateSample[];
  /** Since the run's beginning, in µs. */
  readonly errorLatency: Readonly<Record<string, Histogram>>;
  /** Of each of several requests, since the run's beginning. */
  readonly byRequest?: readonly RequestAccount[] | undefined;
  readonly loopDelay: Histogram;
}

/**
 * Follows a run. The run waits for each call, so that a call should take well under a millisecond; what has no method
 * costs nothing. An observer that throws hears nothing more, and the run goes on.
 */
export interface Observer {
  /** The measured load begins. A warm-up comes before it, with ticks of its own. */
  begin?(start: RunStart): void;
  /** Ten times a second; four times while a load goes on that is not measured. */
  tick?(now: Progress): void;
  /** Once for each second of the run, after it is over. */
  second?(second: Second): void;
  /** The run is over. Not called where it could not begin. */
  end?(run: Measurement): void;
}

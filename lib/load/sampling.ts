// What a run samples ten times a second, and what it keeps of the samples. When it does is `measuring.ts`'s business.

import type { ProcessSample } from "../record/process_sampler.ts";
import { SlopeSamples } from "../record/slope.ts";
import { Range } from "../record/start_peak_end.ts";
import type { StateSample } from "./observer.ts";
import type { Shard } from "./shard/shard.ts";

/** How memory, CPU and connections stand, as a run samples them ten times a second, in memory that does not grow. */
export class Sampling {
  /** Of connections and of RSS over the requests completed. */
  readonly slopes: SlopeSamples = new SlopeSamples(2);
  readonly first: ProcessSample;
  last: ProcessSample;
  readonly ranges: Readonly<Record<"live" | "waiting" | "rssBytes" | "heapBytes" | "externalBytes", Range>>;
  readonly #shard: Shard;
  /** Undefined: nobody wants them. */
  #kept: StateSample[] | undefined;

  /** `keeps`: each sample is kept until it is taken. */
  constructor(shard: Shard, keeps: boolean) {
    this.#shard = shard;
    this.#kept = keeps ? [] : undefined;
    this.first = this.last = shard.sample();
    this.ranges = {
      live: new Range(shard.counts.inUse + shard.counts.idle),
      waiting: new Range(0),
      rssBytes: new Range(this.first.rssBytes),
      heapBytes: new Range(this.first.heapBytes),
      externalBytes: new Range(this.first.externalBytes),
    };
  }

  sample(): ProcessSample {
    const sample = this.#shard.sample();
    const { counts: { inUse, idle, waiting }, requests: { completed } } = this.#shard;
    const { ranges } = this;
    ranges.live.add(inUse + idle);
    ranges.waiting.add(waiting);
    ranges.rssBytes.add(sample.rssBytes);
    ranges.heapBytes.add(sample.heapBytes);
    ranges.externalBytes.add(sample.externalBytes);
    this.slopes.add(completed, inUse + idle, sample.rssBytes);
    this.#kept?.push([completed, inUse + idle, sample.rssBytes]);
    this.last = sample;
    return sample;
  }

  /** Those kept since it was asked last. */
  take(): readonly StateSample[] {
    const kept = this.#kept ?? [];
    if (this.#kept !== undefined) this.#kept = [];
    return kept;
  }
}

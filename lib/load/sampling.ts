// What a run samples ten times a second, and what it keeps of the samples. When it does is `measuring.ts`'s business.

import { type EachMeasure, eachMeasure, footprintOf, MEASURES } from "../record/footprint.ts";
import type { ProcessSample } from "../record/process_sampler.ts";
import { Range } from "../record/start_peak_end.ts";
import type { Shard } from "./shard/shard.ts";
import { type StateSample, StateSamples } from "./slopes.ts";

/** How memory, CPU and connections stand, as a run samples them ten times a second, in memory that does not grow. */
export class Sampling {
  readonly samples: StateSamples = new StateSamples();
  readonly first: ProcessSample;
  last: ProcessSample;
  readonly live: Range;
  readonly waiting: Range = new Range(0);
  readonly heldBodies: Range;
  readonly footprint: EachMeasure<Range>;
  readonly #shard: Shard;
  /** Undefined: nobody wants them. */
  #kept: StateSample[] | undefined;

  /** `keeps`: each sample is kept until it is taken. */
  constructor(shard: Shard, keeps: boolean) {
    this.#shard = shard;
    this.#kept = keeps ? [] : undefined;
    this.first = this.last = shard.sample();
    this.live = new Range(shard.counts.inUse + shard.counts.idle);
    this.heldBodies = new Range(shard.counts.heldBodies);
    const first = footprintOf(this.first);
    this.footprint = eachMeasure((measure) => first[measure] === undefined ? undefined : new Range(first[measure]));
  }

  sample(): ProcessSample {
    const sample = this.#shard.sample();
    const { counts: { inUse, idle, waiting, heldBodies }, requests: { completed } } = this.#shard;
    this.live.add(inUse + idle);
    this.waiting.add(waiting);
    this.heldBodies.add(heldBodies);
    const now = footprintOf(sample);
    for (const measure of MEASURES) if (now[measure] !== undefined) this.footprint[measure]?.add(now[measure]);
    const state: StateSample = [completed, inUse + idle, sample.rssBytes, heldBodies];
    this.samples.add(state);
    this.#kept?.push(state);
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

// What threads that send share, their process, as the run that is in it samples and counts it.

import type { Clock } from "../../core/clock.ts";
import { collectGarbage } from "../../record/collect_garbage.ts";
import { type ProcessSample, ProcessSampler } from "../../record/process_sampler.ts";
import type { Plan } from "../../scenario/plan.ts";
import type { Counts } from "../../transport/census.ts";
import type { Inventory } from "../measurement.ts";
import type { RunInputs } from "../run_inputs.ts";
import { SocketCounter } from "../shard/socket_counter.ts";

export class OwnProcess {
  readonly #sampler = new ProcessSampler();
  readonly #sockets: SocketCounter;

  /** `counts`: of all threads. Throws as `load` does. */
  constructor(plan: Plan, inputs: RunInputs, counts: Readonly<Counts>, clock: Clock) {
    this.#sockets = SocketCounter.of(plan, inputs, counts, clock);
  }

  sample(): ProcessSample {
    return this.#sampler.sample();
  }

  /** The threads' inventory with what is the process's; each thread has collected its own garbage. */
  async complete(threads: Inventory): Promise<Inventory> {
    if (threads.durationMs > 0) collectGarbage();
    return { ...threads, process: this.sample(), sockets: await this.#sockets.count() };
  }

  close(): void {
    this.#sampler.close();
  }
}

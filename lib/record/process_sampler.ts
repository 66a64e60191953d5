// What this process uses at a moment: memory, CPU, and for how long its thread was runnable.

import process from "node:process";
import { ProcNumbers } from "./proc_numbers.ts";
import { ThreadClock } from "./thread_clock.ts";

const PAGE_BYTES = 4096;

/** This process's memory and CPU at one moment. */
export interface ProcessSample {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  /** User and system time of all threads since the process began, in µs. */
  readonly cpuUs: number;
  /** `ThreadTimes.runnableUs` of the thread that samples; `cpuUs` if the system does not tell. */
  readonly runnableUs: number;
}

/**
 * Samples this process. On Linux the RSS comes from /proc/self/statm (its second number, in pages) and the thread's times
 * from its schedstat: 2–5 µs each, and no descriptor has to be opened for it.
 */
export class ProcessSampler {
  readonly #statm = new ProcNumbers("/proc/self/statm");
  readonly #thread = new ThreadClock();

  sample(): ProcessSample {
    const memory = process.memoryUsage();
    const cpu = process.cpuUsage();
    const cpuUs = cpu.user + cpu.system;
    return {
      rssBytes: this.#statm.read() ? this.#statm.at(1) * PAGE_BYTES : memory.rss,
      heapBytes: memory.heapUsed,
      externalBytes: memory.external,
      cpuUs,
      runnableUs: this.#thread.read()?.runnableUs ?? cpuUs,
    };
  }

  close(): void {
    this.#statm.close();
    this.#thread.close();
  }
}

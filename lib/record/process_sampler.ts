// What this process uses at a moment: memory in parts, descriptors, CPU, and for how long its thread was runnable.

import process from "node:process";
import type { ToldFootprint } from "./footprint.ts";
import { openDescriptors } from "./open_descriptors.ts";
import { ProcNumbers } from "./proc_numbers.ts";
import { ThreadClock } from "./thread_clock.ts";

const PAGE_BYTES = 4096;

/** Counting descriptors takes no more than one part in so many of the time. */
const DESCRIPTORS_SHARE = 200;

/** Footprint and CPU of this process at one moment. */
export interface ProcessSample extends ToldFootprint {
  /** User and system time of all threads since the process began, in µs. */
  readonly cpuUs: number;
  /** `ThreadTimes.runnableUs` of the thread that samples; `cpuUs` if the system does not tell. */
  readonly runnableUs: number;
}

/**
 * Samples this process. On Linux the RSS comes from /proc/self/statm (its second number, in pages) and the thread's times
 * from its schedstat: 2–5 µs each, and no descriptor has to be opened for it. A sample's cost is in README.md.
 */
export class ProcessSampler {
  readonly #statm = new ProcNumbers("/proc/self/statm");
  readonly #thread = new ThreadClock();
  readonly #countDescriptors: () => number | undefined;
  #descriptors: number | undefined = undefined;
  #nextCountMs = -Infinity;

  /** `countDescriptors`: a test counts in its own way. */
  constructor(countDescriptors: () => number | undefined = openDescriptors) {
    this.#countDescriptors = countDescriptors;
  }

  sample(): ProcessSample {
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    const cpu = process.cpuUsage();
    const cpuUs = cpu.user + cpu.system;
    return {
      rssBytes: this.#statm.read() ? this.#statm.at(1) * PAGE_BYTES : rss,
      heapBytes: isJsc ? Math.max(0, heapUsed - external) : heapUsed,
      externalBytes: external,
      arrayBuffersBytes: isJsc || arrayBuffers === 0 ? undefined : arrayBuffers, // no process is without one
      descriptors: this.#openDescriptors(),
      cpuUs,
      runnableUs: this.#thread.read()?.runnableUs ?? cpuUs,
    };
  }

  close(): void {
    this.#statm.close();
    this.#thread.close();
  }

  /** As counted last, where counting them takes long. */
  #openDescriptors(): number | undefined {
    const nowMs = performance.now();
    if (nowMs >= this.#nextCountMs) {
      this.#descriptors = this.#countDescriptors();
      const doneMs = performance.now();
      this.#nextCountMs = doneMs + (doneMs - nowMs) * DESCRIPTORS_SHARE;
    }
    return this.#descriptors;
  }
}

/**
 * JavaScriptCore's size of the heap, as its last collection left it, has in it what is outside. Of typed arrays it tells
 * no buffer that nobody asked for.
 */
const isJsc = process.versions["bun"] !== undefined;

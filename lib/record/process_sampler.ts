import { closeSync, openSync, readSync } from "node:fs";
import process from "node:process";

const PAGE_BYTES = 4096;

/** This process's memory and CPU at one moment. */
export interface ProcessSample {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  /** User and system time of all threads since the process began, in µs. */
  readonly cpuUs: number;
}

/**
 * Samples this process. On Linux the RSS comes from /proc/self/statm through a descriptor that stays open: 2–5 µs, and
 * it works when no descriptor is left.
 */
export class ProcessSampler {
  #statm: number | undefined;
  readonly #buffer = new Uint8Array(128);

  constructor() {
    try {
      this.#statm = openSync("/proc/self/statm", "r");
    } catch {
      this.#statm = undefined; // not Linux
    }
  }

  sample(): ProcessSample {
    const memory = process.memoryUsage();
    const cpu = process.cpuUsage();
    return {
      rssBytes: this.#residentBytes() ?? memory.rss,
      heapBytes: memory.heapUsed,
      externalBytes: memory.external,
      cpuUs: cpu.user + cpu.system,
    };
  }

  close(): void {
    if (this.#statm !== undefined) closeSync(this.#statm);
    this.#statm = undefined;
  }

  /** The second number of statm, in pages. */
  #residentBytes(): number | undefined {
    if (this.#statm === undefined) return undefined;
    const length = readSync(this.#statm, this.#buffer, 0, this.#buffer.length, 0);
    let at = this.#buffer.indexOf(0x20) + 1;
    let pages = 0;
    for (; at < length && this.#buffer[at] !== 0x20; at++) pages = pages * 10 + this.#buffer[at]! - 0x30;
    return pages * PAGE_BYTES;
  }
}

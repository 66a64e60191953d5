import { ProcNumbers } from "./proc_numbers.ts";

/** The times of one thread since it began, in µs. */
export interface ThreadTimes {
  /** On a core. */
  readonly cpuUs: number;
  /** On a core, or waiting for one: the whole time, if the thread never waits for anything else. */
  readonly runnableUs: number;
}

/** Reads the times of the thread that made it from its schedstat: on a core, and waiting for one, in ns. Linux only. */
export class ThreadClock {
  readonly #schedstat = new ProcNumbers("/proc/thread-self/schedstat");

  /** Undefined if the system does not tell. */
  read(): ThreadTimes | undefined {
    if (!this.#schedstat.read()) return undefined;
    const ranNs = this.#schedstat.at(0);
    return { cpuUs: ranNs / 1000, runnableUs: (ranNs + this.#schedstat.at(1)) / 1000 };
  }

  close(): void {
    this.#schedstat.close();
  }
}

import { closeSync, openSync, readSync } from "node:fs";

/** The times of one thread since it began, in µs. */
export interface ThreadTimes {
  /** On a core. */
  readonly cpuUs: number;
  /** On a core, or waiting for one: of a thread that never waits for anything else, the whole time. */
  readonly runnableUs: number;
}

/** The times of the thread that made it, from its schedstat; it works when no descriptor is left. Linux. */
export class ThreadClock {
  #schedstat: number | undefined = open();
  readonly #buffer = new Uint8Array(128);

  /** Undefined where the system does not tell. */
  read(): ThreadTimes | undefined {
    if (this.#schedstat === undefined) return undefined;
    const length = readSync(this.#schedstat, this.#buffer, 0, this.#buffer.length, 0);
    const [ranNs, waitedNs] = new TextDecoder().decode(this.#buffer.subarray(0, length)).split(" ").map(Number);
    return { cpuUs: ranNs! / 1000, runnableUs: (ranNs! + waitedNs!) / 1000 };
  }

  close(): void {
    if (this.#schedstat !== undefined) closeSync(this.#schedstat);
    this.#schedstat = undefined;
  }
}

/** Undefined where there is no such file: not Linux, or an emulation of it. */
function open(): number | undefined {
  try {
    return openSync("/proc/thread-self/schedstat", "r");
  } catch {
    return undefined;
  }
}

// Time as the rest of the library sees it, so that a test can own it.

/** A timer that was set; `clear` is idempotent. */
export interface Timer {
  clear(): void;
}

/** A monotonic clock with timers. Milliseconds throughout, with a fractional part where the source has one. */
export interface Clock {
  /** Monotonic milliseconds since some fixed origin. */
  nowMs(): number;
  /** Calls back once, after at least `delayMs`. An unreferenced timer does not keep the process alive. */
  setTimer(delayMs: number, callback: () => void, referenced?: boolean): Timer;
}

class SystemTimer implements Timer {
  readonly #handle: ReturnType<typeof setTimeout>;

  constructor(handle: ReturnType<typeof setTimeout>) {
    this.#handle = handle;
  }

  clear(): void {
    clearTimeout(this.#handle);
  }
}

/** The process's own clock: `performance.now` and `setTimeout`, which all three runtimes share. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  setTimer(delayMs, callback, referenced = true) {
    const handle = setTimeout(callback, delayMs);
    if (!referenced) handle.unref();
    return new SystemTimer(handle);
  },
};

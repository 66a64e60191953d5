// Time as the rest of the library sees it, so that a test can own it.

/** A timer that was set. */
export interface Timer {
  /** Any number of times, also after it has fired. */
  clear(): void;
  /** From now on it does not keep the process alive. */
  unref(): void;
}

/** The runtimes' own limit, 24.8 days. They take a longer delay, such as `Infinity`, for 1 ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** A monotonic clock with timers. Milliseconds throughout, with a fractional part where the source has one. */
export interface Clock {
  /** Monotonic milliseconds since some fixed origin. */
  nowMs(): number;
  /** Calls back once, after at least `delayMs`. An unreferenced timer does not keep the process alive. */
  setTimer(delayMs: number, callback: () => void, referenced?: boolean): Timer;
  /** Calls back once the event loop has asked each socket for what arrived meanwhile. Left out: nothing arrives unseen. */
  afterTurn?(callback: () => void): void;
}

/**
 * Turns of `setImmediate` until every socket was asked. One begins in mid-turn, and Deno needs three more for a read's
 * promise: with two it never heard of a FIN that was there, with four of 96 in 100.
 */
const TURNS = 4;

class SystemTimer implements Timer {
  readonly #handle: ReturnType<typeof setTimeout>;

  constructor(handle: ReturnType<typeof setTimeout>) {
    this.#handle = handle;
  }

  clear(): void {
    clearTimeout(this.#handle);
  }

  unref(): void {
    this.#handle.unref();
  }
}

/** The process's own clock: `performance.now`, `setTimeout` and `setImmediate`, which all three runtimes share. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  setTimer(delayMs, callback, referenced = true) {
    const handle = setTimeout(callback, Math.min(delayMs, MAX_DELAY_MS));
    if (!referenced) handle.unref();
    return new SystemTimer(handle);
  },
  afterTurn(callback) {
    let left = TURNS;
    const turn = () => void (--left === 0 ? callback() : setImmediate(turn));
    setImmediate(turn);
  },
};

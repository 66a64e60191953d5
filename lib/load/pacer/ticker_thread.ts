// A thread that sleeps until just before an instant and wakes the event loop: what timers are too coarse for. Its program
// is a text, because a file would have to be found from the sources, from `dist` and from an installed package.

import { Worker } from "node:worker_threads";

/** What the main thread waits on: 0 until the tick. */
const TICK = 0;
/** What the thread waits on: 0 nothing, 1 asked for a tick, -1 told to end. */
const ASK = 1;

/**
 * The thread's whole program, as text: a file would have to be found from TypeScript sources, from `dist` and from an
 * installed package. It has no clock, because those of two threads need not agree. Linux lets a sleeper oversleep by
 * 50 µs to save wake-ups: a timer slack of 1 ns takes that away. /proc/self would be the main thread's.
 */
const PROGRAM = `
const { readlinkSync, writeFileSync } = require("node:fs");
const { workerData } = require("node:worker_threads");
const cells = new Int32Array(workerData, 0, 2);
const delayMs = new Float64Array(workerData, 8, 1);
try {
  const id = readlinkSync("/proc/thread-self").split("/").pop();
  writeFileSync("/proc/" + id + "/timerslack_ns", "1");
} catch {}
for (;;) {
  Atomics.store(cells, ${TICK}, 1);
  Atomics.notify(cells, ${TICK});
  Atomics.wait(cells, ${ASK}, 0);
  if (Atomics.compareExchange(cells, ${ASK}, 1, 0) === -1) break;
  Atomics.wait(cells, ${ASK}, 0, delayMs[0]);
}
`;

/** ES2024, which every runtime here has. */
interface AsyncAtomics {
  waitAsync(cells: Int32Array<SharedArrayBuffer>, index: number, value: number): { readonly value: Promise<string> };
}

const { waitAsync } = Atomics as unknown as AsyncAtomics;

/** A thread that sleeps in the event loop's place, to the µs where a timer has a whole ms. */
export class TickerThread {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #delayMs: Float64Array;
  #ended = false;
  #callback: (() => void) | undefined = undefined;

  private constructor() {
    const shared = new SharedArrayBuffer(16);
    this.#cells = new Int32Array(shared, 0, 2);
    this.#delayMs = new Float64Array(shared, 8, 1);
  }

  /** Resolves once the thread sleeps; undefined where there can be none. It keeps no process alive. */
  static async start(): Promise<TickerThread | undefined> {
    const thread = new TickerThread();
    const ready = new Promise<void>((resolve) => thread.#await(resolve));
    // no flag of the process's is for it: a preloaded module would be loaded once more
    const worker = new Worker(PROGRAM, { eval: true, execArgv: [], workerData: thread.#cells.buffer });
    worker.on("error", () => {}); // its exit follows
    worker.on("exit", () => thread.#tick(true));
    await ready;
    worker.unref();
    return thread.#ended ? undefined : thread;
  }

  /** False once the thread is gone, be it stopped or lost. */
  get alive(): boolean {
    return !this.#ended;
  }

  /** Somebody waits for a tick. */
  get busy(): boolean {
    return this.#callback !== undefined;
  }

  /** Calls back once, after at least `delayMs` or when the thread is lost. Not while it is busy. */
  wakeIn(delayMs: number, callback: () => void): void {
    this.#delayMs[0] = delayMs;
    Atomics.store(this.#cells, TICK, 0);
    this.#await(callback);
    Atomics.store(this.#cells, ASK, 1);
    Atomics.notify(this.#cells, ASK);
  }

  /** Ends the thread; nobody is called back any more. */
  stop(): void {
    this.#ended = true;
    this.#callback = undefined;
    Atomics.store(this.#cells, ASK, -1);
    Atomics.notify(this.#cells, ASK);
  }

  #await(callback: () => void): void {
    this.#callback = callback;
    waitAsync(this.#cells, TICK, 0).value.then(this.#ticked);
  }

  readonly #ticked = (): void => this.#tick(false);

  #tick(ended: boolean): void {
    this.#ended ||= ended;
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  }
}

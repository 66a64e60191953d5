import { Worker } from "node:worker_threads";
import { type Clock, systemClock } from "../../core/clock.ts";
import type { FromWorker, ToWorker } from "./worker_messages.ts";

/** The sources run as they are, `dist` as it was built, and each beside this very file. */
const PROGRAM = new URL(`./worker_thread${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** A thread that does not say that it is done within this time is ended without a word. */
const FAREWELL_MS = 1000;

/** The main thread's end of a worker thread. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #clock: Clock = systemClock;
  #lastWords: string | undefined = undefined;
  #leaving = false;
  #left!: () => void;
  readonly #gone: Promise<void>;

  /** `died`: it ended, and nobody had told it to; with why, in words. */
  constructor(hear: (message: FromWorker) => void, died: (why: string) => void) {
    this.#gone = new Promise((resolve) => this.#left = resolve);
    // no flag of the process's is for it: a preloaded module would be loaded once more
    this.#worker = new Worker(PROGRAM, { execArgv: [] });
    this.#worker.on("message", (message: FromWorker) => message.kind === "closed" ? this.#left() : hear(message));
    this.#worker.on("error", (error: unknown) => {
      this.#lastWords ??= error instanceof Error ? error.message : String(error);
      if (!this.#leaving) died(this.#lastWords);
    });
    this.#worker.on("exit", (code: number) => {
      this.#left();
      if (!this.#leaving) died(this.#lastWords ?? `it exited with code ${code}`);
    });
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Ends the thread; resolves once it has closed its connections. */
  async close(): Promise<void> {
    this.#leaving = true;
    this.tell({ kind: "close" });
    const timer = this.#clock.setTimer(FAREWELL_MS, this.#left);
    await this.#gone;
    timer.clear();
    await this.#worker.terminate();
  }
}

// The carrier of messages to and from a worker thread. What the messages mean is the host's business and the run's.

import { Worker } from "node:worker_threads";
import { type Clock, systemClock } from "../../core/clock.ts";
import type { Link, LinkListener } from "../link/link.ts";
import type { FromHost, ToHost } from "../link/message.ts";

/** The sources run as they are, `dist` as it was built, and each beside this very file. */
const PROGRAM = new URL(`./worker_thread${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** A thread that does not say that it is done within this time is ended without a word. */
const FAREWELL_MS = 1000;

/** The link to a shard in a thread of this process. */
export class ThreadLink implements Link {
  readonly #worker: Worker;
  readonly #clock: Clock;
  #lastWords: string | undefined = undefined;
  /** It was told to go, or is gone. */
  #leaving = false;
  #left!: () => void;
  readonly #gone: Promise<void>;

  constructor(listener: LinkListener, program: URL = PROGRAM, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#gone = new Promise((resolve) => this.#left = resolve);
    const died = (why: string): void => {
      if (!this.#leaving) listener.died(why);
      this.#leaving = true;
    };
    // no flag of the process's is for it: a preloaded module would be loaded once more
    this.#worker = new Worker(program, { execArgv: [] });
    this.#worker.on("message", (message: FromHost) => {
      if (message.kind === "closed") this.#left();
      else if (!this.#leaving) listener.hear(message);
    });
    this.#worker.on("error", (error: unknown) => {
      this.#lastWords ??= error instanceof Error ? error.message : String(error);
      died(this.#lastWords);
    });
    this.#worker.on("exit", (code: number) => {
      this.#left();
      died(this.#lastWords ?? `it exited with code ${code}`);
    });
  }

  tell(message: ToHost): void {
    this.#worker.postMessage(message);
  }

  /** Resolves once the thread has closed its connections and is ended. */
  async close(): Promise<void> {
    this.#leaving = true;
    this.tell({ kind: "close" });
    const timer = this.#clock.setTimer(FAREWELL_MS, this.#left);
    await this.#gone;
    timer.clear();
    await this.#worker.terminate();
  }
}

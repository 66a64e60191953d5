// stdout and stderr, written by their descriptors. The runtimes' streams differ in what a write that fails does: Node
// emits an error, Deno throws and never calls back, Bun says nothing.

import { Buffer } from "node:buffer";
import { writeSync } from "node:fs";

/** Before the next try at a pipe that does not block and is full. */
const FULL_PIPE_MS = 5;

export class Output {
  readonly #descriptor: number;
  /** Writes that are not done. */
  #pending = 0;
  #last: Promise<void> = Promise.resolve();
  #problem: string | undefined = undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** The system's code for why it cannot be written to. What is written from then on is dropped. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether a reader that does not read keeps it from being written to. */
  get stalled(): boolean {
    return this.#pending > 0;
  }

  /** Resolves once the bytes are the kernel's, so that an exit cannot cut them off, or are dropped. Never rejects. */
  write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const before = this.#pending++ === 0 ? undefined : this.#last;
    this.#last = before === undefined ? this.#write(bytes) : before.then(() => this.#write(bytes));
    return this.#last;
  }

  /** Resolves once all that was written is. */
  flush(): Promise<void> {
    return this.#last;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && this.#problem === undefined;) {
      try {
        at += writeSync(this.#descriptor, bytes, at);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === "EAGAIN") await new Promise((resolve) => setTimeout(resolve, FULL_PIPE_MS));
        else this.#problem = code ?? message;
      }
    }
    this.#pending -= 1;
  }
}

export const stdout: Output = new Output(1);

/** What cannot be said here is not said: there is nowhere else. */
export const stderr: Output = new Output(2);

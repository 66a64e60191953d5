// A file that is written as a run goes, line by line: journals and histogram logs.

import { Buffer } from "node:buffer";
import { closeSync, openSync, writeSync } from "node:fs";

/**
 * A file that grows while something goes on. What was appended is the kernel's when the call returns, so that it outlives
 * this process, however that ends; nothing of it is kept here. Never throws: a failing disk is told once and ends
 * the writing, as no line may follow half of another.
 */
export class AppendFile {
  readonly path: string;
  readonly #tell: (problem: string) => void;
  #descriptor: number | undefined = undefined;
  #failed = false;

  /** Makes the file, or empties it. */
  constructor(path: string, tell: (problem: string) => void) {
    this.path = path;
    this.#tell = tell;
    this.#try(() => this.#descriptor = openSync(path, "w"));
  }

  /** Whether all that was appended is in the file. */
  get whole(): boolean {
    return !this.#failed;
  }

  append(text: string): void {
    const descriptor = this.#descriptor;
    if (this.#failed || descriptor === undefined) return;
    const bytes = Buffer.from(text);
    this.#try(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    });
  }

  close(): void {
    const descriptor = this.#descriptor;
    if (descriptor !== undefined) this.#try(() => closeSync(descriptor));
    this.#descriptor = undefined;
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!this.#failed) this.#tell(notWritten(this.path, error));
      this.#failed = true;
    }
  }
}

/** One line about a file that cannot be written, with the system's code. */
export function notWritten(path: string, error: unknown): string {
  return `${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
}

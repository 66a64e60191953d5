// One file to read from its beginning to its end, be it a pipe or a device, in bounded memory: an endless one is
// refused, and so is a named pipe to which nobody writes.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** More than any input needs: what is read stays in memory. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A device has no end (/dev/zero), or is a terminal. */
const MOST_DEVICE_BYTES = 1024 * 1024;

/** In which somebody has to write to a named pipe. */
const WRITER_MS = 5_000;

/** Between two looks at a pipe that is empty. */
const LOOK_MS = 5;

const STDIN = 0;

/** What was expected of a file instead, in words. */
export class UnfitInput extends Error {}

export class InputFile implements Disposable {
  readonly #descriptor: number;
  readonly #most: number;
  #length = 0;
  /** Undefined once somebody writes, or has written. An open pipe's path (/dev/fd/63) is no name: its writer was there. */
  #writerUntilMs: number | undefined;

  /** Throws an `UnfitInput` for a folder, and the system's error for what cannot be opened. */
  constructor(path: string) {
    this.#descriptor = open(path);
    const kind = fstatSync(this.#descriptor);
    if (kind.isDirectory()) {
      this[Symbol.dispose]();
      throw new UnfitInput("a file, not a folder");
    }
    this.#most = kind.isCharacterDevice() ? MOST_DEVICE_BYTES : MOST_BYTES;
    this.#writerUntilMs = kind.isFIFO() && !/^\/(?:dev|proc)\//.test(path) ? performance.now() + WRITER_MS : undefined;
  }

  /** Fills a part of the chunk, and says how much: 0 at the end. Throws an `UnfitInput` if there is none in sight. */
  read(chunk: Uint8Array): number {
    for (;;) {
      try {
        const length = readSync(this.#descriptor, chunk);
        if (length > 0 || this.#writerUntilMs === undefined) return this.#counted(length);
        if (performance.now() > this.#writerUntilMs) {
          throw new UnfitInput(`a pipe to which somebody writes within ${WRITER_MS / 1000} s`);
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        this.#writerUntilMs = undefined; // somebody is there, who has not written yet
      }
      Atomics.wait(CLOCK, 0, 0, LOOK_MS);
    }
  }

  /** stdin's own descriptor stays: what is opened next would take its number. */
  [Symbol.dispose](): void {
    if (this.#descriptor !== STDIN) closeSync(this.#descriptor);
  }

  #counted(length: number): number {
    this.#writerUntilMs = undefined;
    this.#length += length;
    if (this.#length > this.#most) throw new UnfitInput(`at most ${this.#most / 1024 / 1024} MiB`);
    return length;
  }
}

const CLOCK = new Int32Array(new SharedArrayBuffer(4));

/** Without waiting for a writer. If stdin is a socket, as a parent may make it, /dev/stdin cannot be opened, only read. */
function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (path === "/dev/stdin" && (error as NodeJS.ErrnoException).code === "ENXIO") return STDIN;
    throw error;
  }
}

// A file of Linux's /proc that holds numbers, such as /proc/self/statm. Its descriptor stays open, so that it can be read
// when the process may open no other.

import { closeSync, openSync, readSync } from "node:fs";

const SPACE = 0x20;
const DIGIT_0 = 0x30;

export class ProcNumbers {
  #descriptor: number | undefined;
  readonly #buffer = new Uint8Array(128);

  constructor(path: string) {
    this.#descriptor = open(path);
  }

  /** Reads the file anew, without garbage. False if there is no such file: not Linux, or an emulation of it. */
  read(): boolean {
    if (this.#descriptor === undefined) return false;
    this.#buffer.fill(0, readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, 0));
    return true;
  }

  /** The number at this place, from 0, as last read. */
  at(place: number): number {
    let at = 0;
    for (let skipped = 0; skipped < place; skipped++) at = this.#buffer.indexOf(SPACE, at) + 1;
    let number = 0;
    for (; this.#buffer[at]! >= DIGIT_0; at++) number = number * 10 + this.#buffer[at]! - DIGIT_0;
    return number;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function open(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    return undefined;
  }
}

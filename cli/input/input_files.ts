// The files that a command line and its scenario name, each opened once: a pipe (`<(cat ca.pem)`, /dev/stdin) gives its
// bytes no second time. Scenarios, bodies, certificates, rows and timestamps are all read through here.

import { closeSync, openSync, readFileSync } from "node:fs";
import { UsageError } from "../../lib/scenario/usage_error.ts";

export class InputFiles {
  readonly #bytes = new Map<string, Uint8Array>();

  /** What is in a file. Throws a `UsageError` that names `field` if it cannot be read. */
  bytes(field: string, path: string): Uint8Array {
    let bytes = this.#bytes.get(path);
    if (bytes === undefined) {
      try {
        bytes = readWhole(path);
      } catch {
        throw UsageError.expected(field, "a readable file", path);
      }
      this.#bytes.set(path, bytes);
    }
    return bytes;
  }

  /** The same as text; it must be UTF-8. */
  text(field: string, path: string): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.bytes(field, path));
    } catch (error) {
      throw error instanceof UsageError ? error : UsageError.expected(field, "a file of UTF-8 text", path);
    }
  }
}

function readWhole(path: string): Uint8Array {
  const descriptor = openInput(path);
  try {
    return readFileSync(descriptor);
  } finally {
    closeInput(descriptor);
  }
}

/** Opens a file to read. If stdin is a socket, as a parent may make it, /dev/stdin cannot be opened, only read. */
export function openInput(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (path === "/dev/stdin" && (error as NodeJS.ErrnoException).code === "ENXIO") return STDIN;
    throw error;
  }
}

/** Closes what `openInput` opened. stdin's own descriptor stays: what is opened next would take its number. */
export function closeInput(descriptor: number): void {
  if (descriptor !== STDIN) closeSync(descriptor);
}

const STDIN = 0;

// The files that a command line and its scenario name, each opened once: a pipe (`<(cat ca.pem)`, /dev/stdin) gives its
// bytes no second time. Scenarios, bodies, certificates, rows and timestamps are all read through here.

import { Buffer } from "node:buffer";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { InputFile, UnfitInput } from "./input_file.ts";

const CHUNK_BYTES = 64 * 1024;

export class InputFiles {
  readonly #bytes = new Map<string, Uint8Array>();

  /** What is in a file. Throws a `UsageError` that names `field` if it cannot be read. */
  bytes(field: string, path: string): Uint8Array {
    let bytes = this.#bytes.get(path);
    if (bytes === undefined) {
      try {
        bytes = readWhole(path);
      } catch (error) {
        throw UsageError.expected(field, error instanceof UnfitInput ? error.message : "a readable file", path);
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
  using file = new InputFile(path);
  const parts: Uint8Array[] = [];
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const length = file.read(chunk);
    if (length === 0) return Buffer.concat(parts);
    parts.push(chunk.subarray(0, length));
  }
}

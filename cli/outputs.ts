// `-o FILE`: checked before the run, written after it.

import { accessSync, constants, statSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { UsageError } from "../lib/scenario/usage_error.ts";

/** Throws a `UsageError` for a file that could not be written later: a run must not end with its result lost. */
export function checkOutputs(paths: readonly string[] = []): void {
  for (const path of paths) {
    if (extname(path) !== ".json") throw UsageError.expected("--output", "a file name that ends in .json", path);
    const folder = dirname(path);
    if (!isFolder(folder)) throw UsageError.expected("--output", `an existing folder for ${path}`, folder);
    if (isFolder(path)) throw UsageError.expected("--output", "a file, not a folder", path);
    try {
      accessSync(folder, constants.W_OK);
    } catch {
      throw UsageError.expected("--output", `a folder that may be written to for ${path}`, folder);
    }
  }
}

/** Writes the same text to each file. */
export function writeOutputs(paths: readonly string[] = [], text: string): void {
  for (const path of paths) writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

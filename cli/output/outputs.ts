// `-o FILE`: checked before the run; what is written after it.

import { accessSync, constants, statSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { resultToHlog } from "../../lib/result/hlog.ts";
import { resultToJson } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { notWritten } from "./append_file.ts";

/** How a result reads in each format, by the extension that stands for it. */
const FORMATS: Readonly<Record<string, (result: Result) => string>> = { ".json": resultToJson, ".hlog": resultToHlog };

/** Throws a `UsageError` for a file that could not be written: a run must not end with its result lost. */
export function checkOutputs(
  paths: readonly string[] = [],
  extensions: readonly string[] = Object.keys(FORMATS),
): void {
  for (const path of paths) {
    if (!extensions.includes(extname(path))) {
      throw UsageError.expected("--output", `a file name that ends in ${extensions.join(" or ")}`, path);
    }
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

/** Writes the result to each file, as its extension says. False if any could not be written: `tell` gets a line for each. */
export function writeOutputs(paths: readonly string[] = [], result: Result, tell: (problem: string) => void): boolean {
  let whole = true;
  for (const path of paths) {
    const text = FORMATS[extname(path)]!(result);
    try {
      writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`);
    } catch (error) {
      tell(notWritten(path, error));
      whole = false;
    }
  }
  return whole;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

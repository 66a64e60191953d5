import { readFileSync } from "node:fs";
import type { LoadPlan } from "../lib/scenario/plan.ts";
import { parseTimestamps } from "../lib/scenario/timestamps.ts";
import { UsageError } from "../lib/scenario/usage_error.ts";

/**
 * Reads the file of instants that a plan names, where it names one, into milliseconds since the first. Throws a
 * `UsageError` for the field `load.timestamps`.
 */
export function readTimestamps({ timestamps }: LoadPlan): Float64Array | undefined {
  return timestamps === undefined ? undefined : parseTimestamps(readText(timestamps), timestamps);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw UsageError.expected("load.timestamps", "a file that can be read", path);
  }
}

import { readFileSync } from "node:fs";
import type { LoadPlan } from "../../lib/scenario/plan.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { parseTimestamps } from "../../lib/scenario/value/timestamps.ts";

/** What was read last: a plan's check, its curve and its run each ask for the same file, which may be long. */
let last: { readonly path: string; readonly instants: Float64Array } | undefined;

/**
 * Reads the file of instants that a plan names, where it names one, into milliseconds since the first. Throws a
 * `UsageError` for the field `load.timestamps`.
 */
export function readTimestamps({ timestamps }: LoadPlan): Float64Array | undefined {
  if (timestamps === undefined) return undefined;
  if (last?.path !== timestamps) {
    last = { path: timestamps, instants: parseTimestamps(readText(timestamps), timestamps) };
  }
  return last.instants;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw UsageError.expected("load.timestamps", "a file that can be read", path);
  }
}

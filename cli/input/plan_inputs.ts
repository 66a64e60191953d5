import process from "node:process";
import type { RunInputs } from "../../lib/load/run_inputs.ts";
import type { LoadPlan, Plan } from "../../lib/scenario/plan.ts";
import { parseTimestamps } from "../../lib/scenario/value/timestamps.ts";
import { readFeeds } from "./feeder_files.ts";
import type { InputFiles } from "./input_files.ts";
import { readPems } from "./pem_files.ts";

/** What a plan names without having it. Throws a `UsageError` whose field is a path into the scenario. */
export function readInputs(plan: Plan, files: InputFiles): RunInputs {
  return {
    pems: readPems(plan.tls, files),
    timestampsMs: readTimestamps(plan.load, files),
    feeds: readFeeds(plan.feeders, files),
    bodies: readBodies(plan, files),
    environment: process.env,
  };
}

function readBodies({ requests }: Plan, files: InputFiles): Record<string, Uint8Array> {
  return Object.fromEntries(
    requests.flatMap(({ path, bodyFile }) =>
      bodyFile === undefined ? [] : [[bodyFile, files.bytes(`${path}.bodyFile`, bodyFile)]]
    ),
  );
}

function readTimestamps({ timestamps }: LoadPlan, files: InputFiles): Float64Array | undefined {
  return timestamps === undefined ? undefined : parseTimestamps(files.text("load.timestamps", timestamps), timestamps);
}

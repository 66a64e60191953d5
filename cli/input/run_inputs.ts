import process from "node:process";
import type { RunInputs } from "../../lib/load/run.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { readFeeds } from "./feeder_files.ts";
import { readPems } from "./pem_files.ts";
import { readTimestamps } from "./timestamps_file.ts";

/** What a plan names without having it: each process that runs the plan reads it for itself. */
export function readInputs(plan: Plan): RunInputs {
  return {
    pems: readPems(plan.tls),
    timestampsMs: readTimestamps(plan.load),
    feeds: readFeeds(plan.feeders),
    environment: process.env,
  };
}

// One plan in a fresh process, under any of the runtimes: nothing of an earlier run is left in its memory. The process
// sends and accounts; this one follows, over a link, as it would follow a thread.

import { spawn } from "node:child_process";
import type { OpenLink } from "../../lib/load/link/link.ts";
import { runLoad, type RunOptions } from "../../lib/load/run.ts";
import type { Result } from "../../lib/result/result.ts";
import { summarize } from "../../lib/result/summary.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { ProcessLink } from "./process_link.ts";
import { findRuntime, type RuntimeName, selfCommand } from "./runtimes.ts";

/** A result, or one line that says why there is none. */
export type Outcome = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly problem: string };

/** Runs a plan under a runtime in a process of its own. Never throws: whatever goes wrong there is the outcome's problem. */
export async function runInProcess(runtime: RuntimeName, plan: Plan, options: RunOptions): Promise<Outcome> {
  const executable = findRuntime(runtime);
  if (executable === undefined) return { ok: false, problem: `${runtime} was not found` };
  const [file, ...words] = selfCommand(runtime, executable, ["shard"]);
  let link: ProcessLink | undefined;
  const open: OpenLink = (listener) =>
    link = new ProcessLink(spawn(file!, words, { stdio: ["pipe", "pipe", "pipe"] }), listener);
  try {
    const run = await runLoad(plan, options, [open]);
    await link?.gone;
    const { problem } = link!;
    return problem === undefined ? { ok: true, result: summarize(plan, run) } : { ok: false, problem };
  } catch (error) {
    await link?.gone;
    return { ok: false, problem: link?.problem ?? (error instanceof Error ? error.message : String(error)) };
  }
}

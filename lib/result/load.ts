import { runLoad, type RunOptions } from "../load/run.ts";
import type { Plan } from "../scenario/plan.ts";
import type { Result } from "./result.ts";
import { summarize } from "./summary.ts";

/**
 * Runs a plan in this process and resolves with its result, secrets masked: counts, rates a second, latencies in µs with
 * their histograms, memory in bytes, verdicts, and a line for each second. The plan's thresholds are judged, and one with
 * `abort` ends the run. A run that ends early resolves as well: `outcome` says "stopped" or "interrupted", and
 * `outcomeReason` why.
 *
 * Rejects with a `TransportError` if a request cannot be encoded or a proxy's address is invalid, with a `UsageError` if a
 * template cannot be filled, and with an `Error` if the plan names files whose content `options` lacks.
 *
 * ```ts
 * const plan = resolve({ request: { url: "http://127.0.0.1:8080/" }, load: { rps: 500, duration: "10s" } });
 * const { latencyUs, leak } = await load(plan, { observers: [{ tick: ({ rpsNow }) => console.log(rpsNow) }] });
 * console.log(latencyUs.response.p99, leak.verdict);
 * ```
 */
export async function load(plan: Plan, options: RunOptions = {}): Promise<Result> {
  return summarize(plan, await runLoad(plan, options));
}

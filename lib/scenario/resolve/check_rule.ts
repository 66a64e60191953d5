import { isOpenLoop, type Plan } from "../plan.ts";
import { UsageError } from "../usage_error.ts";
import { nearest } from "../value/suggest.ts";
import type { Threshold } from "../value/threshold.ts";

/** Throws a `UsageError` for a rule that says nothing of this plan; `field` is what the rule goes by. */
export function checkRule(
  field: string,
  { metric, unit, request }: Threshold,
  { requests, load }: Pick<Plan, "requests" | "load">,
): void {
  const names = requests.map(({ name }) => name);
  if (request !== undefined && !names.includes(request)) {
    const meant = nearest(request, names);
    const hint = meant === undefined ? `expected one of ${names.join(", ")}` : `did you mean ${meant}?`;
    throw new UsageError(field, `unknown request "${request}", ${hint}`);
  }
  if (metric === "rps.achieved" && unit === "percent" && !isOpenLoop(load)) {
    throw UsageError.needs(
      field,
      ["load.rps", "load.stages", "load.timestamps"],
      "rps.achieved in % is a share of the rate asked for",
    );
  }
}

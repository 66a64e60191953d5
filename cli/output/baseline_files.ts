// `--baseline FILE`: read, and found fit to be compared with, before a request is sent.

import { basename } from "node:path";
import { checkBaseline, type NamedResult } from "../../lib/result/difference/baseline.ts";
import type { ChangeRule } from "../../lib/result/difference/change_rule.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { maskPlan } from "../../lib/scenario/template/mask.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { readStored } from "./stored_result.ts";

/** Throws a `UsageError` that names the file, or the rule that needs one. */
export function readBaseline(
  paths: readonly string[] = [],
  plan: Plan,
  rules: readonly ChangeRule[],
): readonly NamedResult[] | undefined {
  if (paths.length === 0) {
    if (rules.length === 0) return undefined;
    throw UsageError.needs("--fail-if", ["--baseline"], `"${rules[0]!.expression}" is about a change`);
  }
  const stored = JSON.parse(JSON.stringify(maskPlan(plan)));
  return paths.map((path) => {
    const result = readStored(path);
    checkBaseline({ name: path, result }, stored, rules);
    return { name: basename(path), result };
  });
}

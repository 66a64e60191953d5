// From what stands on the command line to the plan and its inputs: the scenario, the flags over it, and every file that
// they name, read once.

import type { RunInputs } from "../../lib/load/run_inputs.ts";
import { overlay } from "../../lib/scenario/overlay.ts";
import { checkField } from "../../lib/scenario/parse.ts";
import { type Plan, usesTarget } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { checkRule } from "../../lib/scenario/resolve/check_rule.ts";
import { requestSchema } from "../../lib/scenario/scenario.ts";
import { compileRequests, originOf } from "../../lib/scenario/template/compile.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import type { Threshold } from "../../lib/scenario/value/threshold.ts";
import { isPath } from "../../lib/scenario/value/target_url.ts";
import { type PlanFlags, thresholdsOf } from "../flag/plan_flags.ts";
import { InputFiles } from "../input/input_files.ts";
import { readInputs } from "../input/plan_inputs.ts";
import { withEnvironmentProxy } from "./environment_proxy.ts";
import { FlagSettings } from "./flag_settings.ts";
import { type NamedScenario, readScenario } from "./scenario_files.ts";

/** A plan, and what was in the files it names: a pipe cannot be read twice. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly inputs: RunInputs;
}

/**
 * The plan for an optional word (a URL, a scenario's file or name) and flags. Throws a `UsageError` that names the flag,
 * or the file and its field.
 */
export async function planFromWords(
  word: string | undefined,
  flags: PlanFlags,
  commands: readonly string[],
): Promise<PlannedRun> {
  const isUrl = word?.includes("://") ?? false;
  if (isUrl && flags.url !== undefined) throw UsageError.expected("--url", "only one URL", flags.url);
  const url = isUrl ? checkField("url", requestSchema.shape.url, word)! : flags.url;
  const files = new InputFiles();
  const base = word === undefined || isUrl ? undefined : await readScenario(word, commands, files);
  const settings = new FlagSettings({ ...flags, url }, files);
  const { plan, inputs } = resolveNamed(base, settings, files);
  const rules = thresholdsOf(flags);
  for (const rule of rules) checkRuleOfFlag(rule, plan, settings);
  const failOnLeak = plan.failOnLeak || flags.failOnLeak === true;
  return { plan: { ...plan, thresholds: [...plan.thresholds, ...rules], failOnLeak }, inputs };
}

function checkRuleOfFlag(rule: Threshold, plan: Plan, settings: FlagSettings): void {
  const flag = rule.abort ? "--abort-if" : "--fail-if";
  try {
    checkRule(flag, rule, plan);
  } catch (error) {
    throw error instanceof UsageError ? error.named(flag, (field) => settings.nameOf(field, () => false)) : error;
  }
}

function resolveNamed(base: NamedScenario | undefined, settings: FlagSettings, files: InputFiles): PlannedRun {
  if (base !== undefined) named(base.where, () => resolve(base.scenario));
  try {
    const over = settings.scenario();
    const scenario = overlay(base?.scenario ?? {}, over);
    // A URL given beside a scenario that brings its own target takes the target's place.
    if (over.request?.url !== undefined && !isPath(over.request.url) && over.target === undefined) {
      delete scenario.target;
    }
    const plan = resolve(scenario, base?.name);
    const inputs = readInputs(plan, files);
    const requests = compileRequests(withTarget(plan, "http://127.0.0.1/"), inputs); // to find mistakes in their templates
    return { plan: withEnvironmentProxy(plan, requests.map(originOf)), inputs };
  } catch (error) {
    throw error instanceof UsageError ? inFlagsWords(error, base, settings) : error;
  }
}

/** Blames the scenario's file for what is wrong without any flag. */
function named(where: string, resolveAlone: () => void): void {
  try {
    resolveAlone();
  } catch (error) {
    throw error instanceof UsageError ? error.named(`${where}: ${error.field}`) : error;
  }
}

/** Names the flag of each field; a field that came from the scenario keeps its name, with the file's in front. */
function inFlagsWords(error: UsageError, base: NamedScenario | undefined, settings: FlagSettings): UsageError {
  const isBelow = (path: string): boolean => base?.sets(path) ?? false;
  const flag = settings.nameOf({ path: error.field }, isBelow);
  const field = base === undefined ? error.field : `${base.where}: ${base.nameOf(error.field)}`;
  return error.named(flag ?? field, (other) => {
    const name = settings.nameOf(other, isBelow);
    return name === flag ? undefined : name; // a flag does not conflict with itself, but with the scenario
  });
}

/** The plan with the address of the embedded target, if it uses one. */
export function withTarget(plan: Plan, url: string): Plan {
  return usesTarget(plan) ? { ...plan, baseUrl: url } : plan;
}

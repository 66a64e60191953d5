// `loadgen compare`: one plan under several runtimes, one after the other, or results that are already there.

import { Command } from "@commander-js/extra-typings";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import type { ComparisonColumn } from "../../lib/report/comparison/comparison.ts";
import { renderComparison } from "../../lib/report/terminal.ts";
import type { Result } from "../../lib/result/result.ts";
import { type Plan, usesTarget } from "../../lib/scenario/plan.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { nearest } from "../../lib/scenario/value/suggest.ts";
import { EXIT_FAILED, EXIT_STOPPED, EXIT_THRESHOLD, exitCodeOf } from "../exit_code.ts";
import { checkOutputs, writeOutputs } from "../output/outputs.ts";
import { readStored } from "../output/stored_result.ts";
import { withOutputFlags, withPlanFlags } from "../plan/flags.ts";
import { planFromWords, withTarget } from "../plan/plan_from_words.ts";
import { planLines } from "../plan/plan_lines.ts";
import { runInProcess } from "../process/run_in_process.ts";
import { isRuntimeName, type RuntimeName, RUNTIMES } from "../process/runtimes.ts";
import { startTarget } from "../process/target.ts";
import { EXIT_INTERRUPTED, installInterrupt } from "../terminal/interrupt.ts";
import { progressObserver } from "../terminal/progress_observer.ts";
import { note, print, ProgressPainter, tellProblem, viewOf } from "../terminal/terminal.ts";

const FILES_AND_EXECUTABLES = `
With -o out.json each runtime's result goes to a file of its own: out.node.json,
out.deno.json, out.bun.json. LOADGEN_NODE, LOADGEN_DENO and LOADGEN_BUN name
other executables.`;

export function addCompareCommand(program: Command): void {
  const command = withOutputFlags(withPlanFlags(new Command("compare")))
    .option("--runtimes <names>", "which, in this order (default: node,deno,bun)", parseRuntimes)
    .summary("the same plan under several runtimes, or stored results, side by side")
    .description(
      "Runs the same plan under each runtime, each in a process of its own, one after the other against one target, " +
        "and prints one column for each. Given two or more result files instead, it prints the same table of them.",
    )
    .argument("[words...]", "a URL or a scenario, or two or more result files")
    .copyInheritedSettings(program)
    .addHelpText("after", FILES_AND_EXECUTABLES)
    .action(async (words, flags) => {
      if (words.length >= 2) {
        const other = command.options.find((option) => option.attributeName() in flags && option.long !== "--json");
        if (other !== undefined) throw new UsageError(other.long!, "expected no result files beside it");
        return await show(words.map(readColumn), flags.json === true);
      }
      if (words.length === 1 && isResultFile(words[0]!)) {
        throw UsageError.expected("result files", "two or more of them", words[0]);
      }
      checkOutputs(flags.output, [".json"]); // no worker writes while it runs
      const commands = program.commands.map((command) => command.name());
      const plan = await planFromWords(words[0], flags, commands);
      await (flags.json === true ? note : print)(planLines(plan, viewOf(process.stdout), { full: false }));
      const signal = installInterrupt();
      const progress = new ProgressPainter(flags.noTui !== true && flags.json !== true);
      let whole = true;
      const keep = (runtime: RuntimeName, result: Result): void => {
        const paths = flags.output?.map((path) => pathFor(path, runtime));
        if (!writeOutputs(paths, result, tellProblem)) whole = false;
      };
      const columns = await runEach(flags.runtimes ?? [...RUNTIMES], plan, progress, signal, keep);
      await show(columns, flags.json === true);
      if (signal.aborted) process.exitCode = EXIT_INTERRUPTED;
      else if (process.exitCode !== EXIT_STOPPED && columns.some(hasFailed)) process.exitCode = EXIT_THRESHOLD;
      if (!whole) process.exitCode = EXIT_FAILED;
    });
  program.addCommand(command);
}

function hasFailed({ result }: ComparisonColumn): boolean {
  return result !== undefined && exitCodeOf(result) === EXIT_THRESHOLD;
}

async function runEach(
  runtimes: readonly RuntimeName[],
  plan: Plan,
  progress: ProgressPainter,
  signal: AbortSignal,
  keep: (runtime: RuntimeName, result: Result) => void,
): Promise<ComparisonColumn[]> {
  const target = usesTarget(plan) ? await startTarget(plan.target) : undefined;
  const located = target === undefined ? plan : withTarget(plan, target.url);
  const columns: ComparisonColumn[] = [];
  try {
    for (const runtime of runtimes) {
      if (signal.aborted) {
        columns.push({ label: runtime, problem: "not run: interrupted" });
        continue;
      }
      const outcome = await runInProcess(runtime, located, { signal, observer: progressObserver(progress, runtime) });
      if (!outcome.ok) {
        columns.push({ label: runtime, problem: outcome.problem });
        continue;
      }
      keep(runtime, outcome.result); // now: the next one may not end
      columns.push({ label: runtime, result: outcome.result });
    }
  } finally {
    progress.clear();
    await target?.stop();
  }
  return columns;
}

async function show(columns: readonly ComparisonColumn[], asJson: boolean): Promise<void> {
  const text = asJson ? JSON.stringify(columns) : renderComparison(columns, viewOf(process.stdout));
  await print(text);
  if (columns.some(({ result }) => result === undefined)) process.exitCode = EXIT_STOPPED;
}

function parseRuntimes(text: string): RuntimeName[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const unknown = names.find((name) => !isRuntimeName(name));
  const meant = unknown === undefined ? undefined : nearest(unknown, RUNTIMES);
  if (meant !== undefined) throw new UsageError("--runtimes", `unknown runtime "${unknown}", did you mean ${meant}?`);
  if (unknown !== undefined || names.length === 0) {
    throw UsageError.expected("--runtimes", `a list of ${RUNTIMES.join(", ")}`, unknown ?? text);
  }
  if (new Set(names).size < names.length) throw UsageError.expected("--runtimes", "each runtime once", text);
  return names.filter(isRuntimeName);
}

function readColumn(path: string): ComparisonColumn {
  return { label: basename(path, ".json"), result: readStored(path) };
}

/** Whether a word that may also be a URL or a scenario names a stored result. */
function isResultFile(word: string): boolean {
  try {
    return (JSON.parse(readFileSync(word, "utf8")) as { schema?: unknown }).schema === "loadgen/result@1";
  } catch {
    return false;
  }
}

/** out.json → out.node.json */
function pathFor(path: string, label: string): string {
  return join(dirname(path), `${basename(path, ".json")}.${label}.json`);
}

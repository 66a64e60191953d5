// `loadgen compare`: runs one plan under several runtimes in turn, or compares stored results.

import type { Command } from "@commander-js/extra-typings";
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import type { ComparisonColumn } from "../../lib/report/comparison/comparison.ts";
import { renderComparison } from "../../lib/report/terminal.ts";
import { checkBaseline } from "../../lib/result/difference/baseline.ts";
import type { ChangeRule } from "../../lib/result/difference/change_rule.ts";
import { mediansOf } from "../../lib/result/difference/medians.ts";
import { type Pair, pairsOf } from "../../lib/result/difference/pair.ts";
import type { Result } from "../../lib/result/result.ts";
import { usesTarget } from "../../lib/scenario/plan.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { EXIT_FAILED, EXIT_STOPPED, EXIT_THRESHOLD, exitCodeOf, firstExitCode } from "../exit_code.ts";
import { COMPARE_FLAGS, OUTPUT_FLAGS } from "../flag/command_flags.ts";
import { withFlags } from "../flag/flag.ts";
import { changeRulesOf, thresholdsOf, withPlanFlags } from "../flag/plan_flags.ts";
import { ignoredStdin } from "../input/ignored_stdin.ts";
import { checkOutputs, writeOutputs } from "../output/outputs.ts";
import { readStored } from "../output/stored_result.ts";
import { planFromWords, type PlannedRun, withTarget } from "../plan/plan_from_words.ts";
import { planLines } from "../plan/plan_lines.ts";
import { runInProcess } from "../process/run_in_process.ts";
import { type RuntimeName, RUNTIMES } from "../process/runtimes.ts";
import { startTarget } from "../process/target.ts";
import { EXIT_INTERRUPTED, installInterrupt } from "../terminal/interrupt.ts";
import { stdout } from "../terminal/output.ts";
import { progressObserver } from "../terminal/progress_observer.ts";
import { note, print, ProgressPainter, tellProblem, viewOf } from "../terminal/terminal.ts";

const FILES_AND_EXECUTABLES = `
With -o out.json each runtime's result goes to a file of its own: out.node.json,
out.deno.json, out.bun.json; with --rounds to out.node.1.json and so on.
LOADGEN_NODE, LOADGEN_DENO and LOADGEN_BUN name other executables.`;

export function addCompareCommand(program: Command): void {
  const base = withFlags(withPlanFlags(program.createCommand("compare")), "Output", OUTPUT_FLAGS);
  const command = withFlags(base, "Comparison", COMPARE_FLAGS)
    .summary("compare runtimes or stored results side by side")
    .description(
      "Runs the same plan under each runtime, one after the other, each in its own process, and prints a column for " +
        "each. Given two or more result files, it prints the same table of them and runs nothing.",
    )
    .argument("[words...]", "a URL or a scenario, or two or more result files")
    .copyInheritedSettings(program)
    .addHelpText("after", FILES_AND_EXECUTABLES)
    .action(async (words, flags) => {
      const rules = changeRulesOf(flags);
      if (words.length >= 2) {
        const other = command.options.find((option) =>
          option.attributeName() in flags && !["--json", "--fail-if"].includes(option.long!)
        );
        if (other !== undefined) throw UsageError.conflict(other.long!, "result files");
        const [rule] = thresholdsOf(flags);
        if (rule !== undefined) {
          throw UsageError.expected("--fail-if", "a change beside result files, such as 'p99 > +10%'", rule.expression);
        }
        process.exitCode = await show(readColumns(words, rules), rules, flags.json === true);
        return;
      }
      if (words.length === 1 && isResultFile(words[0]!)) {
        throw UsageError.expected("result files", "two or more of them", words[0]);
      }
      if (rules.length > 0 && flags.runtimes?.length === 1) {
        throw UsageError.needs("--fail-if", ["two --runtimes"], `"${rules[0]!.expression}" is about a change`);
      }
      checkOutputs(flags.output, [".json"]); // no worker writes while it runs
      const commands = program.createHelp().visibleCommands(program).map((command) => command.name());
      const planned = await planFromWords(words[0], flags, commands);
      await (flags.json === true ? note : print)(planLines(planned, viewOf(process.stdout), { full: false }));
      const ignored = words.length > 0 || flags.url !== undefined ? undefined : ignoredStdin();
      if (ignored !== undefined) tellProblem(ignored);
      if (stdout.problem !== undefined && flags.output === undefined) return;
      const signal = installInterrupt();
      const progress = new ProgressPainter(flags.noTui !== true && flags.json !== true);
      let whole = true;
      const { rounds = 1 } = flags;
      const keep = (runtime: RuntimeName, result: Result, round: number): void => {
        const paths = flags.output?.map((path) => pathFor(path, rounds === 1 ? runtime : `${runtime}.${round}`));
        if (!writeOutputs(paths, result, tellProblem)) whole = false;
      };
      const columns = await runEach(flags.runtimes ?? [...RUNTIMES], rounds, planned, progress, signal, keep);
      const shown = await show(columns, rules, flags.json === true);
      process.exitCode = firstExitCode([
        shown,
        ...columns.map(exitCodeOfColumn),
        ...(signal.aborted ? [EXIT_INTERRUPTED] : []),
        ...(whole ? [] : [EXIT_FAILED]),
      ]);
    });
  program.addCommand(command);
}

function exitCodeOfColumn({ result, rounds = [] }: ComparisonColumn): number {
  return result === undefined ? EXIT_STOPPED : firstExitCode([result, ...rounds].map(exitCodeOf));
}

async function runEach(
  runtimes: readonly RuntimeName[],
  rounds: number,
  { plan, inputs }: PlannedRun,
  progress: ProgressPainter,
  signal: AbortSignal,
  keep: (runtime: RuntimeName, result: Result, round: number) => void,
): Promise<ComparisonColumn[]> {
  const target = usesTarget(plan) ? await startTarget(plan.target) : undefined;
  const located = target === undefined ? plan : withTarget(plan, target.url);
  const results = new Map(runtimes.map((runtime): [RuntimeName, Result[]] => [runtime, []]));
  const problems = new Map<RuntimeName, string>();
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const runtime of runtimes) {
        if (signal.aborted || problems.has(runtime)) continue;
        const label = rounds === 1 ? runtime : `${runtime} ${round}/${rounds}`;
        const observers = [progressObserver(progress, label)];
        const outcome = await runInProcess(runtime, located, { signal, lost: target?.gone, ...inputs, observers });
        if (!outcome.ok) {
          problems.set(runtime, outcome.problem);
          continue;
        }
        keep(runtime, outcome.result, round); // now: the next one may not end
        results.get(runtime)!.push(outcome.result);
      }
    }
  } finally {
    progress.clear();
    await target?.stop();
  }
  return runtimes.map((runtime) => columnOf(runtime, results.get(runtime)!, problems.get(runtime)));
}

function columnOf(label: string, rounds: readonly Result[], problem: string | undefined): ComparisonColumn {
  if (problem !== undefined) return { label, problem };
  if (rounds.length === 0) return { label, problem: "not run: interrupted" };
  return rounds.length === 1 ? { label, result: rounds[0]! } : { label, result: middleOf(rounds), rounds };
}

/** The one with the middle p50. */
function middleOf(rounds: readonly Result[]): Result {
  const p50 = ({ latencyUs: { response } }: Result): number => response.p50;
  return rounds.toSorted((a, b) => p50(a) - p50(b))[Math.floor((rounds.length - 1) / 2)]!;
}

/** Prints the columns and what they differ in, and returns the exit code that the rules over it stand for. */
async function show(
  columns: readonly ComparisonColumn[],
  rules: readonly ChangeRule[],
  asJson: boolean,
): Promise<number> {
  const pairs = pairsOf(columns, rules);
  await print(asJson ? comparisonToJson(columns, pairs) : renderComparison(columns, viewOf(process.stdout), pairs));
  return pairs.some(({ rules }) => rules.some(({ failed }) => failed)) ? EXIT_THRESHOLD : 0;
}

/** Null: an earlier version wrote it. */
function clientOf({ plan }: Result): string | null {
  return (plan["load"] as { readonly client?: string } | undefined)?.client ?? null;
}

/** The differences of all columns in one list. */
function comparisonToJson(columns: readonly ComparisonColumn[], pairs: readonly Pair[]): string {
  const flat = <K extends "unlike" | "differences" | "rules">(field: K) =>
    pairs.flatMap((pair) => pair[field].map((item) => ({ against: pair.against, column: pair.column, ...item })));
  return JSON.stringify({
    columns: columns.map(({ label, result, rounds, problem }) => ({
      label,
      runtime: result?.runtime.name ?? null,
      client: result === undefined ? null : clientOf(result),
      rounds: rounds ?? (result === undefined ? [] : [result]),
      median: result === undefined ? null : mediansOf(rounds ?? [result]),
      problem: problem ?? null,
    })),
    unlike: flat("unlike"),
    differences: flat("differences"),
    rules: flat("rules"),
  });
}

/** Throws a `UsageError` that names the first file where a rule cannot be judged against it. */
function readColumns(paths: readonly string[], rules: readonly ChangeRule[]): ComparisonColumn[] {
  const columns = paths.map((path) => ({ label: basename(path, ".json"), result: readStored(path) }));
  const [first, ...others] = columns;
  if (rules.length > 0) {
    for (const { result } of others) checkBaseline({ name: paths[0]!, result: first!.result }, result.plan, rules);
  }
  return columns;
}

/** Whether a word that may also be a URL or a scenario names a stored result. */
function isResultFile(word: string): boolean {
  try {
    return statSync(word).isFile() && // a pipe can be read once
      (JSON.parse(readFileSync(word, "utf8")) as { schema?: unknown }).schema === "loadgen/result@1";
  } catch {
    return false;
  }
}

/** out.json → out.node.json */
function pathFor(path: string, label: string): string {
  return join(dirname(path), `${basename(path, ".json")}.${label}.json`);
}

// `loadgen run`, the default command: runs one plan in this process and prints its report.

import { type Command, Help } from "@commander-js/extra-typings";
import process from "node:process";
import type { Observer } from "../../lib/load/observer.ts";
import type { RunControl } from "../../lib/load/run_control.ts";
import { renderTerminal } from "../../lib/report/terminal.ts";
import { withBaseline } from "../../lib/result/difference/baseline.ts";
import { resultToJson } from "../../lib/result/json.ts";
import { load } from "../../lib/result/load.ts";
import type { Result } from "../../lib/result/result.ts";
import { usesTarget } from "../../lib/scenario/plan.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { EXIT_FAILED, exitCodeOf } from "../exit_code.ts";
import { OUTPUT_FLAGS, RUN_FLAGS } from "../flag/command_flags.ts";
import { withFlags } from "../flag/flag.ts";
import { changeRulesOf, withPlanFlags } from "../flag/plan_flags.ts";
import { ignoredStdin } from "../input/ignored_stdin.ts";
import { readBaseline } from "../output/baseline_files.ts";
import { checkOutputs } from "../output/outputs.ts";
import { RunFiles } from "../output/run_files.ts";
import { planFromWords, type PlannedRun, withTarget } from "../plan/plan_from_words.ts";
import { planLines } from "../plan/plan_lines.ts";
import { packagedScenarios } from "../plan/scenario_files.ts";
import { startTarget } from "../process/target.ts";
import { KEYS_NOTE, listenForKeys } from "../terminal/control_keys.ts";
import { type ControlInput, openControl } from "../terminal/control_socket.ts";
import { installInterrupt } from "../terminal/interrupt.ts";
import { stdout } from "../terminal/output.ts";
import { progressObserver } from "../terminal/progress_observer.ts";
import { note, print, ProgressPainter, tellProblem, viewOf } from "../terminal/terminal.ts";

export function addRunCommand(program: Command): void {
  const base = withFlags(withPlanFlags(program.createCommand("run")), "Output", OUTPUT_FLAGS);
  const command = withFlags(base, "Other", RUN_FLAGS)
    .summary("send requests and report (the default command)")
    .description(
      "Sends requests to a URL, or as a scenario file says, and prints a report. Flags override the scenario's fields.",
    )
    .argument("[url|scenario]", "a URL, a scenario's file or name, or - for stdin")
    .copyInheritedSettings(program)
    .action(async (word, flags) => {
      if (flags.list === true) return await listScenarios(word);
      if (flags.dryRun === true) refuseBesideDryRun(flags);
      checkOutputs(flags.output);
      const commands = program.createHelp().visibleCommands(program).map((command) => command.name());
      if (word === "-" && flags.control === "-") {
        throw UsageError.expected("--control", "a socket's path: stdin is the scenario's", "-");
      }
      const planned = await planFromWords(word, flags, commands);
      const changeRules = changeRulesOf(flags);
      const baseline = readBaseline(flags.baseline, planned.plan, changeRules);
      const say = flags.json === true ? note : print;
      await say(planLines(planned, viewOf(process.stdout), { full: flags.dryRun === true }));
      const named = word !== undefined || flags.url !== undefined || flags.control === "-";
      const ignored = named ? undefined : ignoredStdin();
      if (ignored !== undefined) tellProblem(ignored);
      if (flags.dryRun === true || (stdout.problem !== undefined && flags.output === undefined)) return;
      const progress = new ProgressPainter(flags.noTui !== true && flags.json !== true);
      const files = flags.output === undefined ? undefined : new RunFiles(flags.output, (problem) => {
        progress.clear();
        tellProblem(problem);
      });
      const keys = progress.enabled && process.stdin.isTTY === true && word !== "-" && flags.control !== "-";
      if (keys) await note(KEYS_NOTE);
      const helm = { keys, control: flags.control === undefined ? undefined : await openControl(flags.control) };
      const measured = await measure(planned, progress, installInterrupt(), files, helm);
      const result = baseline === undefined ? measured : withBaseline(measured, baseline, changeRules);
      const written = files?.finish(result) ?? true;
      await print(flags.json === true ? resultToJson(result) : renderTerminal(result, viewOf(process.stdout)));
      process.exitCode = written ? exitCodeOf(result) : EXIT_FAILED;
    });
  program.addCommand(command, { isDefault: true });
}

function refuseBesideDryRun({ json, output }: { json?: true; output?: string[] }): void {
  const flag = json === true ? "--json" : output === undefined ? undefined : "--output";
  if (flag !== undefined) throw UsageError.conflict(flag, "--dry-run", "a dry run has no result");
}

/** Who may steer the run. */
interface Helm {
  readonly keys: boolean;
  readonly control: ControlInput | undefined;
}

async function measure(
  { plan, inputs }: PlannedRun,
  progress: ProgressPainter,
  signal: AbortSignal,
  files: RunFiles | undefined,
  { keys, control }: Helm,
): Promise<Result> {
  const target = usesTarget(plan) ? await startTarget(plan.target) : undefined;
  const located = target === undefined ? plan : withTarget(plan, target.url);
  const observers: Observer[] = [progressObserver(progress)];
  if (files !== undefined) observers.unshift(files.observerOf(located));
  let stopListening: (() => void) | undefined;
  const onControl = (run: RunControl): void => {
    control?.attach(run);
    if (keys) stopListening = listenForKeys(run);
  };
  const steered = keys || control !== undefined ? { onControl } : {};
  try {
    return await load(located, { signal, lost: target?.gone, ...inputs, observers, ...steered });
  } finally {
    stopListening?.();
    control?.stop();
    progress.clear();
    await target?.stop();
  }
}

async function listScenarios(word: string | undefined): Promise<void> {
  if (word !== undefined) throw UsageError.expected("--list", "no scenario", word);
  const all = packagedScenarios();
  const help = new Help();
  help.helpWidth = viewOf(process.stdout).columns;
  const width = Math.max(...all.map(({ name }) => name.length));
  await print(
    all.map(({ name, scenario }) => help.formatItem(name, width, scenario.description ?? "", help)).join("\n"),
  );
}

// `loadgen demo`: sends the same load to the embedded target twice, with bodies closed and never closed.

import type { Command } from "@commander-js/extra-typings";
import process from "node:process";
import { renderSideBySide, renderTerminal } from "../../lib/report/terminal.ts";
import type { Result } from "../../lib/result/result.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { destinationInWords, planInWords } from "../../lib/scenario/words/words.ts";
import { exitCodeOf, firstExitCode } from "../exit_code.ts";
import { DEMO_DURATION, DEMO_FLAGS, DEMO_RPS } from "../flag/command_flags.ts";
import { withFlags } from "../flag/flag.ts";
import { withTarget } from "../plan/plan_from_words.ts";
import { runInProcess } from "../process/run_in_process.ts";
import { currentRuntime } from "../process/runtimes.ts";
import { startTarget, type Target } from "../process/target.ts";
import { installInterrupt } from "../terminal/interrupt.ts";
import { stdout } from "../terminal/output.ts";
import { progressObserver } from "../terminal/progress_observer.ts";
import { print, ProgressPainter, viewOf } from "../terminal/terminal.ts";

export function addDemoCommand(program: Command): void {
  const command = program.command("demo")
    .summary("show the leak: bodies closed, then never closed")
    .description(
      "Sends the same load to an embedded target twice: bodies closed, then never closed. Shows both side by side.",
    );
  withFlags(command, "Options", DEMO_FLAGS)
    .action(async ({ rps = DEMO_RPS, duration = DEMO_DURATION, noTui }) => {
      const closed = resolve({ load: { rps, duration } }, "closed");
      const held = resolve({ load: { rps, duration }, request: { bodyPolicy: "hold" } }, "never closed");
      const signal = installInterrupt();
      const progress = new ProgressPainter(noTui !== true);
      const target = await startTarget(closed.target);
      try {
        await print(`to ${destinationInWords(closed)}, twice:`);
        if (stdout.problem !== undefined) return;
        const first = await step("1 of 2", closed, target, progress, signal);
        if (signal.aborted) {
          process.exitCode = exitCodeOf(first);
          return await print(renderTerminal(first, viewOf(process.stdout)));
        }
        const second = await step("2 of 2", held, target, progress, signal);
        await print(
          `\n${
            renderSideBySide({ label: "bodies read and closed", result: first }, {
              label: "bodies never closed",
              result: second,
            }, viewOf(process.stdout))
          }`,
        );
        process.exitCode = firstExitCode([exitCodeOf(first), exitCodeOf(second)]);
      } finally {
        await target.stop();
      }
    });
}

/** Each run has a process of its own: the second one's memory must not begin where the first one's ended. */
async function step(
  label: string,
  plan: Plan,
  target: Target,
  progress: ProgressPainter,
  signal: AbortSignal,
): Promise<Result> {
  await print(`${label}: ${planInWords(plan)}`);
  const observers = [progressObserver(progress, label)];
  const outcome = await runInProcess(currentRuntime(), withTarget(plan, target.url), {
    signal,
    lost: target.gone,
    observers,
  });
  progress.clear();
  if (!outcome.ok) throw new Error(`${label}: ${outcome.problem}`);
  return outcome.result;
}

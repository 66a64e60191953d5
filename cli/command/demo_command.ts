// `loadgen demo`: the same rate twice against the embedded target, bodies closed beside bodies never closed.

import type { Command } from "@commander-js/extra-typings";
import process from "node:process";
import { renderSideBySide, renderTerminal } from "../../lib/report/terminal.ts";
import type { Result } from "../../lib/result/result.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { loadSchema } from "../../lib/scenario/scenario.ts";
import { destinationInWords, planInWords } from "../../lib/scenario/words/words.ts";
import { exitCodeOf } from "../exit_code.ts";
import { withTarget } from "../plan/plan_from_words.ts";
import { numberFlag, ownFlag, textFlag } from "../plan/value_flags.ts";
import { runInProcess } from "../process/run_in_process.ts";
import { currentRuntime } from "../process/runtimes.ts";
import { startTarget, type Target } from "../process/target.ts";
import { installInterrupt } from "../terminal/interrupt.ts";
import { progressObserver } from "../terminal/progress_observer.ts";
import { print, ProgressPainter, viewOf } from "../terminal/terminal.ts";

/** Long enough for a slope to show, short enough to watch: two runs and their start stay well under 30 s. */
const RPS = 300;
const DURATION = "8s";

export function addDemoCommand(program: Command): void {
  program.command("demo")
    .summary("see the leak: bodies closed beside bodies never closed")
    .description("Sends the same rate twice to an embedded target: bodies read and closed, then bodies never closed.")
    .option("-r, --rps <n>", "requests a second", numberFlag("--rps", loadSchema.shape.rps), RPS)
    .option(
      "-d, --duration <time>",
      "how long each run takes",
      textFlag("--duration", loadSchema.shape.duration),
      DURATION,
    )
    .addOption(ownFlag("--no-tui", "--noTui", "no progress while it runs"))
    .action(async ({ rps, duration, noTui }) => {
      const closed = resolve({ load: { rps, duration } }, "closed");
      const held = resolve({ load: { rps, duration }, request: { bodyPolicy: "hold" } }, "never closed");
      const signal = installInterrupt();
      const progress = new ProgressPainter(noTui !== true);
      const target = await startTarget(closed.target);
      await print(`to ${destinationInWords(closed)}, twice:`);
      try {
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
        process.exitCode = Math.max(exitCodeOf(first), exitCodeOf(second));
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
  const observer = progressObserver(progress, label);
  const outcome = await runInProcess(currentRuntime(), withTarget(plan, target.url), { signal, observer });
  progress.clear();
  if (!outcome.ok) throw new Error(`${label}: ${outcome.problem}`);
  return outcome.result;
}

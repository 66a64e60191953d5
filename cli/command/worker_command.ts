// `loadgen worker`, the hidden command behind `runInProcess`: a plan in on stdin, progress and the result out on stdout.

import type { Command } from "@commander-js/extra-typings";
import process from "node:process";
import type { Progress } from "../../lib/load/progress.ts";
import { load } from "../../lib/result/load.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { InputFiles } from "../input/input_files.ts";
import { readInputs } from "../input/plan_inputs.ts";
import { STOP, type WorkerMessage } from "../process/worker_protocol.ts";
import { leaveInterruptToParent } from "../terminal/interrupt.ts";
import { eachLine } from "../terminal/lines.ts";
import { write } from "../terminal/terminal.ts";

export function addWorkerCommand(program: Command): void {
  program.command("worker", { hidden: true })
    .description("a run in a process of its own; its plan comes on stdin")
    .action(async () => {
      leaveInterruptToParent();
      const stop = new AbortController();
      const plan = await new Promise<Plan>((resolve) => {
        const onLine = (line: string): void => line === STOP ? stop.abort() : resolve(JSON.parse(line) as Plan);
        eachLine(process.stdin, onLine, () => process.exit(1)); // the parent is gone
      });
      await tell(await run(plan, stop.signal));
    });
}

async function run(plan: Plan, signal: AbortSignal): Promise<WorkerMessage> {
  try {
    const tick = (progress: Progress): void => void tell({ kind: "progress", progress });
    return {
      kind: "result",
      result: await load(plan, { signal, ...readInputs(plan, new InputFiles()), observers: [{ tick }] }),
    };
  } catch (error) {
    return { kind: "problem", problem: error instanceof Error ? error.message : String(error) };
  }
}

function tell(message: WorkerMessage): Promise<void> {
  return write(process.stdout, `${JSON.stringify(message)}\n`);
}

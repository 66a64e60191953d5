// `loadgen report`: prints a stored result, or recovers one from the journal of a killed run.

import type { Command } from "@commander-js/extra-typings";
import process from "node:process";
import { renderTerminal } from "../../lib/report/terminal.ts";
import { resultToJson } from "../../lib/result/json.ts";
import { EXIT_FAILED } from "../exit_code.ts";
import { REPORT_FLAGS } from "../flag/command_flags.ts";
import { withFlags } from "../flag/flag.ts";
import { checkOutputs, writeOutputs } from "../output/outputs.ts";
import { readStored } from "../output/stored_result.ts";
import { print, tellProblem, viewOf } from "../terminal/terminal.ts";

export function addReportCommand(program: Command): void {
  const command = withFlags(program.createCommand("report"), "Options", REPORT_FLAGS)
    .summary("print a stored result, or what a killed run left")
    .description(
      "Prints the report of a result file. From the journal that a killed run left beside its output (FILE.journal) it " +
        "recovers the result up to then.",
    )
    .argument("<file>", "a result or a journal")
    .copyInheritedSettings(program)
    .action(async (file, { output, json }) => {
      checkOutputs(output);
      const result = readStored(file);
      if (!writeOutputs(output, result, tellProblem)) process.exitCode = EXIT_FAILED;
      if (json === true) await print(resultToJson(result));
      else if (output === undefined) await print(renderTerminal(result, viewOf(process.stdout)));
    });
  program.addCommand(command);
}

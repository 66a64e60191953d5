// `loadgen report`: a stored result once more, or what the journal of a killed run still tells.

import { Command } from "@commander-js/extra-typings";
import process from "node:process";
import { renderTerminal } from "../../lib/report/terminal.ts";
import { resultToJson } from "../../lib/result/json.ts";
import { EXIT_FAILED } from "../exit_code.ts";
import { checkOutputs, writeOutputs } from "../output/outputs.ts";
import { readStored } from "../output/stored_result.ts";
import { repeatedFlag } from "../plan/value_flags.ts";
import { print, tellProblem, viewOf } from "../terminal/terminal.ts";

export function addReportCommand(program: Command): void {
  const command = new Command("report")
    .summary("a stored result, or what is left of a killed run")
    .description(
      "Prints the report of a result file. Of the journal that a killed run left beside its output (FILE.journal), it " +
        "makes the result that the run had until then.",
    )
    .argument("<file>", "a result or a journal")
    .option("-o, --output <file>", "write the result instead, as .json or .hlog; may be repeated", repeatedFlag)
    .option("--json", "the result as JSON on stdout")
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

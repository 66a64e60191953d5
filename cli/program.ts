// The whole command line: its commands, its help, and how it speaks of mistakes.

import type { Command } from "@commander-js/extra-typings";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { UsageError } from "../lib/scenario/usage_error.ts";
import { nearest } from "../lib/scenario/value/suggest.ts";
import { CliCommand } from "./cli_command.ts";
import { addCompareCommand } from "./command/compare_command.ts";
import { addCompletionCommand } from "./command/completion_command.ts";
import { addDemoCommand } from "./command/demo_command.ts";
import { addHelpCommand } from "./command/help_command.ts";
import { addReportCommand } from "./command/report_command.ts";
import { addRunCommand } from "./command/run_command.ts";
import { addServeCommand } from "./command/serve_command.ts";
import { addShardCommand } from "./command/shard_command.ts";
import { addTargetCommand } from "./command/target_command.ts";
import { isScenario } from "./plan/scenario_files.ts";
import { packageRoot } from "./process/runtimes.ts";
import { stderr, stdout } from "./terminal/output.ts";
import { viewOf } from "./terminal/terminal.ts";

const EXAMPLES = `
Examples:
  loadgen demo                             see what a forgotten body costs
  loadgen --rps 500 --no-close             never close a body
  loadgen --url http://127.0.0.1:8080/ --rps 500 --duration 10s
  loadgen http://127.0.0.1:8080/ -c 64     as fast as 64 connections can
  loadgen https://127.0.0.1:8443/ --cacert ca.pem --rps 500
  loadgen run pool-exhausted               a scenario that comes with loadgen
  loadgen run mine.json --rps 50 -o out.json
  loadgen compare --runtimes node,deno,bun --rps 500 -d 5s
  loadgen compare before.json after.json
  loadgen report out.json.journal          what a killed run had measured
`;

const EXIT_CODES = `
Exit codes: 0 done, 1 internal error or a file not written, 2 bad usage,
3 the run ended early, 4 no request was answered as expected, 99 a rule failed,
130 interrupted.`;

/** A fresh program; parsing it runs a command, which leaves its verdict in `process.exitCode`. */
export function createProgram(): Command {
  const program = new CliCommand("loadgen")
    .description(
      "Sends HTTP requests at the rate asked for, and shows latency, connections and memory on one time axis.",
    )
    .usage("[command] [url|scenario] [options]")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false) // of commander's own, a mistyped command is no mistake
    .configureHelp({
      showGlobalOptions: false,
      optionDescription: ({ description }) => description, // it has the default, in words
      subcommandTerm: (command) => [command.name(), command.usage().replace("[options]", "").trim()].join(" ").trim(),
    })
    .configureOutput({
      getOutHelpWidth: () => viewOf(process.stdout).columns,
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => {}, // mistakes are thrown, and printed once, by main
    })
    .exitOverride();
  addRunCommand(program);
  addDemoCommand(program);
  addCompareCommand(program);
  addReportCommand(program);
  addServeCommand(program);
  addHelpCommand(program);
  addCompletionCommand(program);
  addTargetCommand(program);
  addShardCommand(program);
  program.addHelpText("beforeAll", () => refuseUnknownCommand(program));
  program.addHelpText("after", EXAMPLES);
  program.addHelpText("after", () => flagsOfRun(program));
  program.addHelpText("after", EXIT_CODES);
  return program;
}

/** `loadgen probe --help` asks for the help of a command that does not exist: the default command's would be no answer. */
function refuseUnknownCommand(program: Command): string {
  const word = program.args[0];
  if (word === undefined || !/^[a-z][\w-]*$/i.test(word) || isScenario(word)) return "";
  if (program.commands.some((command) => command.name() === word)) return "";
  const meant = nearest(word, program.createHelp().visibleCommands(program).map((command) => command.name()));
  const hint = meant === undefined ? "loadgen --help lists them all" : `did you mean ${meant}?`;
  throw new UsageError(word, `unknown command or scenario, ${hint}`);
}

/** `loadgen --url …` is `loadgen run --url …`, so the first help that people see has the flags of run. */
function flagsOfRun(program: Command): string {
  const run = program.commands.find((command) => command.name() === "run")!;
  const help = run.createHelp();
  help.prepareContext({ helpWidth: viewOf(process.stdout).columns });
  const width = help.padWidth(run, help);
  const groups = help.groupItems([...run.options], help.visibleOptions(run), (option) => option.helpGroupHeading ?? "");
  const lines = [...groups].flatMap(([heading, options]) =>
    heading === "" ? [] : [
      "",
      heading,
      ...options.map((option) => help.formatItem(help.optionTerm(option), width, help.optionDescription(option), help)),
    ]
  );
  return ["Flags of run, the default command:", ...lines].join("\n");
}

function version(): string {
  return (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
}

// `loadgen completions SHELL`, and the hidden `complete` that the script it prints calls at each <Tab>.

import tab from "@bomb.sh/tab/commander";
import type { Command, CommandUnknownOpts } from "@commander-js/extra-typings";
import { readdirSync } from "node:fs";
import process from "node:process";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { packagedNames } from "../plan/scenario_files.ts";
import { stdout } from "../terminal/output.ts";

type Handler = (complete: (value: string, description: string) => void) => void;

/** To be called last: it completes the commands added before it. */
export function addCompletionCommand(program: Command): void {
  const root = tab(program as never, { completionCommandName: "completions" });
  const run = program.commands.find((command) => command.name() === "run")!;
  for (const command of program.commands) {
    const known = root.commands.get(command.name());
    if (known !== undefined) known.description = command.summary() || command.description();
    for (
      const { long, short, argChoices, required, description, flags } of command.createHelp().visibleOptions(command)
    ) {
      const values = flags.endsWith("<file>") ? listFiles : listed(argChoices ?? []);
      const places = command === run ? [known, root] : [known]; // `loadgen --<Tab>` means the default command's flags
      for (const place of places) {
        if (required) place?.option(long!.slice(2), description, values, short?.slice(1));
        else place?.option(long!.slice(2), description, short?.slice(1));
      }
    }
  }
  for (const name of ["run", "compare"]) {
    const [words] = root.commands.get(name)!.arguments.values();
    words!.handler = (complete) => [listed(packagedNames()), listFiles].forEach((list) => list(complete));
  }
  for (const file of root.commands.get("report")!.arguments.values()) file.handler = listFiles;
  for (const command of program.commands) {
    if (["completions", "complete"].includes(command.name())) command.hook("preAction", printWithOutput);
  }
  sayWhichShells(program.commands.find((command) => command.name() === "completions")!);
}

function sayWhichShells(command: CommandUnknownOpts): void {
  command.description("print completions for zsh, bash, fish or powershell");
  const [shell] = command.registeredArguments;
  const choices = shell!.argChoices!;
  shell!.argParser((text) => {
    if (!choices.includes(text)) throw UsageError.expected("shell", `one of ${choices.join(", ")}`, text);
    return text;
  });
}

/** The package prints with the console, whose writes nobody can see fail. */
function printWithOutput(): void {
  console.log = (text: string) => void stdout.write(`${forAnyBash(text)}\n`);
}

/** The package's script for bash may then be sourced twice, and needs no bash-completion. Other texts stay as they are. */
function forAnyBash(text: string): string {
  return text.replace(/^readonly (?=ShellComp)/gm, "").replace(/^( *)(_get_comp_words_by_ref .*)$/m, BASH_WORDS);
}

const BASH_WORDS = `$1if declare -F _get_comp_words_by_ref >/dev/null; then
$1    $2
$1else
$1    words=("\${COMP_WORDS[@]}")
$1    cur=\${COMP_WORDS[COMP_CWORD]}
$1fi`;

function listed(values: readonly string[]): Handler {
  return (complete) => values.forEach((value) => complete(value, ""));
}

/** The entries of the folder in the path being typed. */
const listFiles: Handler = (complete) => {
  const [folder] = process.argv.at(-1)!.replace(/^--[\w-]+=/, "").match(/^(?:.*\/)?/)!;
  try {
    for (const entry of readdirSync(folder === "" ? "." : folder, { withFileTypes: true })) {
      complete(`${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`, "");
    }
  } catch {
    // no such folder: nothing to offer
  }
};

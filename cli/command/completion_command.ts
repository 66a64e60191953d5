import tab from "@bomb.sh/tab/commander";
import type { Command } from "@commander-js/extra-typings";

/** `loadgen completions zsh|bash|fish|powershell`, and the hidden `complete` that the printed script calls. */
export function addCompletionCommand(program: Command): void {
  const root = tab(program as never, { completionCommandName: "completions" });
  const run = program.commands.find((command) => command.name() === "run")!;
  for (const option of run.createHelp().visibleOptions(run)) {
    // `loadgen --<TAB>` means the default command's flags.
    if (option.long !== undefined) root.option(option.long.slice(2), option.description);
  }
  program.commands.find((command) => command.name() === "completions")!
    .description("print a completion script for zsh, bash, fish or powershell");
}

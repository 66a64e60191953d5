import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { nearest } from "../../lib/scenario/value/suggest.ts";

/** `loadgen help [command]`: what `--help` prints. */
export function addHelpCommand(program: Command): void {
  program.command("help")
    .description("print this help, or that of a command")
    .argument("[command]", "whose help")
    .action((name) => {
      const command = name === undefined ? program : program.commands.find((command) => command.name() === name);
      if (command === undefined) {
        const meant = nearest(name!, program.createHelp().visibleCommands(program).map((command) => command.name()));
        throw new UsageError(name!, `unknown command${meant === undefined ? "" : `, did you mean ${meant}?`}`);
      }
      command.help();
    });
}

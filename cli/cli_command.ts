// Mistakes on the command line as usage errors: what commander knows of them, in the words of this project.

import { Command, type ErrorOptions } from "@commander-js/extra-typings";
import process from "node:process";
import { UsageError } from "../lib/scenario/usage_error.ts";
import { nearest } from "../lib/scenario/value/suggest.ts";
import { sameHere } from "./flag/other_tools.ts";

/** A command of commander's. Its errors come of the error's code and of what was parsed, never of commander's texts. */
export class CliCommand extends Command {
  override createCommand(name?: string): CliCommand {
    return new CliCommand(name);
  }

  /** Called by commander for each mistake; `code` says which. */
  override error(message: string, options: ErrorOptions = {}): never {
    switch (options.code) {
      case "commander.unknownOption":
        throw this.#unknownFlag();
      case "commander.optionMissingArgument":
        throw UsageError.expected(this.#lastFlag(), "a value");
      case "commander.missingArgument":
        throw new UsageError(this.name(), `expected ${this.usage().replace(/^\[options\] /, "")}`);
      case "commander.excessArguments": {
        this.#refuseMistypedCommand();
        const most = this.registeredArguments.length;
        const expected = most === 0 ? "no argument" : `at most ${most} argument${most === 1 ? "" : "s"}`;
        throw new UsageError(this.name(), `expected ${expected}, got ${this.args.length}`);
      }
      default:
        return super.error(message, options);
    }
  }

  /** commander leaves it among the arguments, in front of all that follows. */
  #unknownFlag(): UsageError {
    const flag = this.args.find((word) => /^-./.test(word))!.replace(/=.*/s, "");
    const owners =
      this.parent?.commands.filter((command) =>
        command.options.some(({ long, short }) => flag === long || flag === short)
      ) ?? [];
    if (owners.length > 0) {
      const names = owners.map((command) => command.name()).join(", ");
      return new UsageError(flag, `not a flag of loadgen ${this.name()}, but of ${names}`);
    }
    const same = this.options.some(({ long }) => long === "--rps") ? sameHere(flag) : undefined;
    if (same !== undefined) return new UsageError(flag, `unknown flag; here it is ${same}`);
    const known = this.createHelp().visibleOptions(this).flatMap(({ long }) => long ?? []);
    const meant = flag.startsWith("--") ? nearest(flag, known) : undefined;
    const hint = meant === undefined ? `loadgen ${this.name()} --help lists them all` : `did you mean ${meant}?`;
    return new UsageError(flag, `unknown flag, ${hint}`);
  }

  /** `loadgen comapre a b` is two arguments too many for the default command. */
  #refuseMistypedCommand(): void {
    const word = this.args[0]!;
    if (process.argv[2] !== word || this.parent === null) return;
    const commands = this.parent.createHelp().visibleCommands(this.parent).map((command) => command.name());
    const meant = nearest(word, commands);
    if (meant !== undefined) throw new UsageError(word, `unknown command, did you mean ${meant}?`);
  }

  /** Only the last word can lack its value; it may be several short flags in one. */
  #lastFlag(): string {
    const word = process.argv.at(-1)!;
    const last = `-${word.at(-1)}`;
    return this.options.find(({ long, short }) => word === long || last === short)?.long ?? word;
  }
}

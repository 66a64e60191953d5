import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { type Flag, longName } from "../../../cli/flag/flag.ts";
import { PLAN_FLAGS, TARGET_FLAGS } from "../../../cli/flag/plan_flags.ts";
import { packageRoot } from "../../../cli/process/runtimes.ts";
import { createProgram } from "../../../cli/program.ts";
import { flagPage } from "./flag_page.ts";

const program = createProgram();

function command(name: string) {
  return program.commands.find((command) => command.name() === name)!;
}

test("flag: each row of a table is an option of its commands, with its value under the row's key", () => {
  for (const [name, table] of [["run", PLAN_FLAGS], ["compare", PLAN_FLAGS], ["serve", TARGET_FLAGS]] as const) {
    const options = command(name).options;
    for (const [key, flag] of Object.entries<Flag>(table)) {
      for (const long of [longName(flag), ...flag.aliases ?? []]) {
        const option = options.find((option) => option.long === long);
        assert.equal(option?.attributeName(), long === longName(flag) ? key : long.slice(2));
        assert.equal(option.required, flag.parse !== undefined, long);
        assert.equal(flag.names.includes("<"), flag.parse !== undefined, long);
      }
    }
  }
});

test("flag: no two options of a command have a name in common", () => {
  for (const { options } of program.commands) {
    const names = options.flatMap(({ long, short }) => [long, short].filter((name) => name !== undefined));
    assert.deepEqual([...new Set(names)], names);
  }
});

test("flag: cli/FLAGS.md is what the tables say", () => {
  assert.equal(flat(readFileSync(join(packageRoot, "cli", "FLAGS.md"), "utf8")), flat(flagPage()));
});

/** The formatter breaks long lines. */
function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}

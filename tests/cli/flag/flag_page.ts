// The page of all flags, made of the tables that the command line is made of: cli/FLAGS.md.

import {
  COMPARE_FLAGS,
  DEMO_FLAGS,
  OUTPUT_FLAGS,
  REPORT_FLAGS,
  RUN_FLAGS,
  SERVE_FLAGS,
} from "../../../cli/flag/command_flags.ts";
import { type Flag, type FlagTable, helpOf } from "../../../cli/flag/flag.ts";
import { PLAN_GROUPS } from "../../../cli/flag/plan_flags.ts";

const HEAD = `# Flags

\`loadgen [command] [url|scenario] [options]\`; without a command it is \`loadgen run\`. A flag's value follows it
(\`--rps 500\`), comes after an equals sign (\`--rps=500\`), or sticks to a short name (\`-r500\`). Durations are texts such
as \`10s\`, \`500ms\` or \`1m30s\`, sizes texts such as \`16KiB\`. Flags override the fields of a scenario, which stand behind
the arrows; [Scenario files](../scenarios/README.md) says more of each. A file may be a pipe: \`--cacert <(cat ca.pem)\`.

This page is written by \`node dist/tests/cli/flag/write_flag_page.js\` from the tables in \`cli/flag/\`, as
\`loadgen --help\` is.
`;

/** The page, as it stands in cli/FLAGS.md. */
export function flagPage(): string {
  const lines = [HEAD, "## `loadgen run` and `loadgen compare`", ""];
  for (const [heading, table] of Object.entries<FlagTable>(PLAN_GROUPS)) {
    lines.push(...section(`### ${heading}`, table));
  }
  lines.push(...section("### Output", OUTPUT_FLAGS));
  lines.push(...section("## `loadgen run` alone", RUN_FLAGS));
  lines.push(...section("## `loadgen compare` alone", COMPARE_FLAGS));
  lines.push(...section("## `loadgen demo`", DEMO_FLAGS));
  lines.push(...section("## `loadgen report FILE`", REPORT_FLAGS));
  lines.push(...section("## `loadgen serve`", SERVE_FLAGS));
  lines.push("And those of the embedded target, above.");
  return `${lines.join("\n")}\n`;
}

function section(title: string, table: FlagTable): string[] {
  return [title, "", ...Object.values(table).map(line), ""];
}

function line(flag: Flag): string {
  const aliases = (flag.aliases ?? []).map((alias) => `\`${alias}\``);
  const also = aliases.length === 0 ? "" : `; also ${aliases.join(", ")}`;
  const field = flag.field === undefined ? "" : ` → \`${flag.field}\``;
  return `- \`${flag.names}\`: ${helpOf(flag)}${also}${field}`;
}

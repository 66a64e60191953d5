// Draws the transport's state machines from their transition tables, in Mermaid, for lib/transport/README.md. What a
// state means is said where the machine is: in the comment before it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { DIAL_MOVES, DIAL_STATES } from "../../lib/transport/dial/dial_states.ts";
import { BODY_FLOW } from "../../lib/transport/http1/body_flow.ts";
import { KEEP_ALIVE } from "../../lib/transport/http1/keep_alive.ts";
import { READ_LOOP_STATES } from "../../lib/transport/http1/read_loop_states.ts";
import type { StateTable } from "../../lib/transport/http1/state_machine.ts";
import { WRITE_LOOP_MOVES, WRITE_LOOP_STATES } from "../../lib/transport/http1/write_loop.ts";
import { PLACE_MOVES, PLACES } from "../../lib/transport/pool/place.ts";

export const README: string = join(packageRoot, "lib", "transport", "README.md");

interface Machine {
  /** Its marker in the README. */
  readonly name: string;
  /** Whose comment explains the states. */
  readonly source: string;
  /** The first is the initial one, the last the final one. */
  readonly states: readonly string[];
  /** In Mermaid's words: "from --> to", with what makes the move where the table says so. */
  readonly moves: readonly string[];
  /** What each state is in the census, where the machine shares its place there with another. */
  readonly census?: readonly string[];
}

const MACHINES: readonly Machine[] = [
  tabled("http1/body_flow.ts", BODY_FLOW),
  tabled("http1/keep_alive.ts", KEEP_ALIVE),
  machine("write loop", "http1/write_loop.ts", WRITE_LOOP_STATES, WRITE_LOOP_MOVES),
  machine("dial", "dial/dial_states.ts", DIAL_STATES, DIAL_MOVES),
  machine("places", "pool/place.ts", PLACES, PLACE_MOVES),
];

/** The README with each diagram as it is now. Throws where a diagram has no place in it, or a state no meaning. */
export function withDiagrams(readme: string): string {
  return MACHINES.reduce((text, each) => {
    const start = `<!-- diagram: ${each.name} -->`;
    const end = `<!-- end: ${each.name} -->`;
    const from = text.indexOf(start);
    const to = text.indexOf(end);
    if (from === -1 || to < from) throw new Error(`no place for the diagram of the ${each.name}`);
    return `${text.slice(0, from + start.length)}\n\n${draw(each)}\n\n${text.slice(to)}`;
  }, readme);
}

function machine(name: string, source: string, states: readonly string[], allowed: readonly number[]): Machine {
  const moves = states.flatMap((from, i) =>
    states.filter((_, j) => (allowed[i]! & (1 << j)) !== 0).map((to) => `${from} --> ${to}`)
  );
  return { name, source, states, moves };
}

/** A half of the read loop. */
function tabled(source: string, { name, rows, counted }: StateTable): Machine {
  const states = Object.keys(rows);
  const moves = states.flatMap((from) =>
    [...new Set(Object.values(rows[from]!))].map((to) => {
      const events = Object.keys(rows[from]!).filter((event) => rows[from]![event] === to);
      return `${from} --> ${to}: ${events.join(", ")}`;
    })
  );
  return { name, source, states, moves, census: counted.map((number) => READ_LOOP_STATES[number] ?? "") };
}

function draw({ source, states, moves, census }: Machine): string {
  const lines = [`[*] --> ${states[0]}`, ...moves, `${states.at(-1)} --> [*]`].map((move) => `    ${move}`);
  const explained = states.map((state) => [state, meaning(source, state)]);
  const rows = census === undefined
    ? [["state", "meaning"], ...explained]
    : [["state", "in the census", "meaning"], ...explained.map(([state, text], i) => [state!, census[i]!, text!])];
  return ["```mermaid", "stateDiagram-v2", ...lines, "```", "", columns(rows)].join("\n");
}

/** A table, as the formatter wants it. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(rows[0]!), line(widths.map((width) => "-".repeat(width))), ...rows.slice(1).map(line)].join("\n");
}

/** From the comment: "//   state   what it means", with lines indented deeper that go on. */
function meaning(source: string, state: string): string {
  const lines = readFileSync(join(packageRoot, "lib", "transport", source), "utf8").split("\n");
  const at = lines.findIndex((line) => new RegExp(`^(//| \\*)   ${state}  +\\S`).test(line));
  if (at === -1) throw new Error(`${source} does not say what ${state} means`);
  const indent = lines[at]!.search(/(?<=\w  +)\S/);
  let text = lines[at]!.slice(indent);
  for (let i = at + 1; lines[i]!.search(/(?<=^(\/\/| \*) +)[^ /]/) === indent; i++) {
    text += ` ${lines[i]!.slice(indent)}`;
  }
  return text;
}

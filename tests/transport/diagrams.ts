// Draws the transport's state machines from their transition tables, in Mermaid, for lib/transport/README.md. What a
// state means is said where the machine is: in the comment before it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { DIAL_MOVES, DIAL_STATES } from "../../lib/transport/dial/dial_states.ts";
import { READ_LOOP_MOVES, READ_LOOP_STATES } from "../../lib/transport/http1/read_loop_states.ts";
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
  readonly moves: readonly (readonly [from: string, to: string])[];
}

const MACHINES: readonly Machine[] = [
  machine("read loop", "http1/read_loop.ts", READ_LOOP_STATES, READ_LOOP_MOVES),
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
    states.filter((_, j) => (allowed[i]! & (1 << j)) !== 0).map((to): [string, string] => [from, to])
  );
  return { name, source, states, moves };
}

function draw({ source, states, moves }: Machine): string {
  const arrows = [["[*]", states[0]!], ...moves, [states.at(-1)!, "[*]"]];
  const lines = arrows.map(([from, to]) => `    ${from} --> ${to}`);
  return ["```mermaid", "stateDiagram-v2", ...lines, "```", "", table(meanings(source, states))].join("\n");
}

/** In columns, as the formatter wants it. */
function table(rows: readonly (readonly [string, string])[]): string {
  const all = [["state", "meaning"] as const, ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => row[column as 0 | 1].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(all[0]!), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** From the comment: "//   state   what it means", with lines indented deeper that go on. */
function meanings(source: string, states: readonly string[]): [string, string][] {
  const lines = readFileSync(join(packageRoot, "lib", "transport", source), "utf8").split("\n");
  return states.map((state) => {
    const at = lines.findIndex((line) => new RegExp(`^(//| \\*)   ${state}  +\\S`).test(line));
    if (at === -1) throw new Error(`${source} does not say what ${state} means`);
    const indent = lines[at]!.search(/(?<=\w  +)\S/);
    let text = lines[at]!.slice(indent);
    for (let i = at + 1; lines[i]!.search(/(?<=^(\/\/| \*) +)[^ /]/) === indent; i++) {
      text += ` ${lines[i]!.slice(indent)}`;
    }
    return [state, text];
  });
}

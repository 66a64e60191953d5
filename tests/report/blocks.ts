// What a section says, picked out of its blocks by name.

import type { Block, Fact, Prose, Section } from "../../lib/report/section.ts";

type Kind = Block["kind"];

/** The section, which a result must have. */
export function given(section: Section | undefined): Section {
  if (section === undefined) throw new Error("no section");
  return section;
}

/** The first block of a kind. */
export function blockOf<K extends Kind>({ title, blocks }: Section, kind: K): Extract<Block, { kind: K }> {
  const block = blocks.find((block): block is Extract<Block, { kind: K }> => block.kind === kind);
  if (block === undefined) throw new Error(`no ${kind} in "${title}"`);
  return block;
}

/** The fact of that name. */
export function factOf(section: Section, name: string): Fact {
  const { facts } = blockOf(section, "facts");
  const fact = facts.find((fact) => fact.name === name);
  if (fact === undefined) throw new Error(`no "${name}" among ${facts.map(({ name }) => name).join(", ")}`);
  return fact;
}

/** The words of each row, from the top. */
export function rowsOf(section: Section): string[][] {
  return blockOf(section, "table").rows.map((row) => row.map((cell) => typeof cell === "string" ? cell : cell.text));
}

/** The row of that name. */
export function rowOf(section: Section, name: string): string[] {
  const rows = rowsOf(section);
  const row = rows.find(([first]) => first === name);
  if (row === undefined) throw new Error(`no "${name}" among ${rows.map(([first]) => first).join(", ")}`);
  return row;
}

/** The paragraphs, from the top. */
export function proseOf({ blocks }: Section): Prose[] {
  return blocks.filter((block): block is Prose => block.kind === "prose");
}

// What a flag is: a row of the tables beside this file. Its name, its help, its place in a scenario and how its text
// becomes a value stand there once; options, completions, the words of errors and FLAGS.md are made of them.

import { type Command, Option } from "@commander-js/extra-typings";
import type { z } from "zod";
import { checkField } from "../../lib/scenario/parse.ts";
import {
  loadSchema,
  requestSchema,
  type Scenario,
  targetSchema,
  tlsSchema,
  transportSchema,
} from "../../lib/scenario/scenario.ts";
import type { InputFiles } from "../input/input_files.ts";
import { asNumber } from "./flag_values.ts";

const SECTIONS = {
  request: requestSchema,
  load: loadSchema,
  transport: transportSchema,
  tls: tlsSchema,
  target: targetSchema,
};

type Section = keyof typeof SECTIONS;

/** A field that flags can set: "load.rps". */
export type FieldPath = { [S in Section]: `${S}.${keyof NonNullable<Scenario[S]> & string}` }[Section];

type FieldValue<Path extends FieldPath> = Path extends `${infer S extends Section}.${infer Name}`
  ? Name extends keyof NonNullable<Scenario[S]> ? NonNullable<NonNullable<Scenario[S]>[Name]> : never
  : never;

/** Fields and what they are set to. */
export type Settings = { readonly [Path in FieldPath]?: FieldValue<Path> };

/** What help says of a flag, and by which other names it goes. */
interface About {
  /** In a few words, without a full stop. */
  readonly help: string;
  /** What happens if it is not given, in words. */
  readonly otherwise?: string;
  /** Names that help does not show. */
  readonly aliases?: readonly `--${string}`[];
}

export interface Flag<Value = unknown> extends About {
  /** Short and long name and a placeholder for its value: "-r, --rps <n>". */
  readonly names: string;
  readonly repeatable?: boolean;
  /** Its possible values, if there are few. */
  readonly choices?: readonly string[] | undefined;
  /** The scenario field that it sets. */
  readonly field?: FieldPath;
  /** Reads one value; `name` is the name it was given by, `before` what the same flag gave before. Without it: a switch. */
  parse?(name: string, text: string, before: Value | undefined): Value;
  /** What it sets in the scenario. */
  settings?(value: Value, files: InputFiles): Settings;
}

/** Flags by the names that their values go by: `noClose` for `--no-close`. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** What was given of a table's flags. */
export type FlagValues<Table extends FlagTable> = {
  [Key in keyof Table]?: Table[Key] extends Flag<infer Value> ? Value : never;
};

/** A flag that sets a field, checked by the field's schema. For a field of true or false it is a switch. */
export function fieldFlag<Path extends FieldPath>(names: string, field: Path, about: About): Flag<FieldValue<Path>> {
  const schema = schemaOf(field);
  const { type } = schema.unwrap().def;
  const parse = (name: string, text: string): FieldValue<Path> =>
    checkField(name, schema, type === "number" ? asNumber(text) : text, text) as FieldValue<Path>;
  return {
    names,
    ...about,
    field,
    choices: choicesOf(schema),
    settings: (value) => ({ [field]: value }),
    ...(type !== "boolean" && { parse }),
  };
}

/** A switch that sets a field to one value. */
export function constantFlag<Path extends FieldPath>(
  names: string,
  field: Path,
  value: FieldValue<Path>,
  about: About,
): Flag<true> {
  return { names, ...about, field, settings: () => ({ [field]: value }) };
}

/** A flag that is there or not. */
export function switchFlag(names: string, about: About): Flag<true> {
  return { names, ...about };
}

/** A flag with a text. */
export function textFlag(names: string, about: About): Flag<string> {
  return { names, ...about, parse: (_name, text) => text };
}

/** A flag with one or more texts. */
export function textsFlag(names: string, about: About): Flag<string[]> {
  return { names, ...about, repeatable: true, parse: (_name, text, before = []) => [...before, text] };
}

/** The longest of a flag's names: "--rps". */
export function longName({ names }: Flag): string {
  return names.match(/--[\w-]+/)![0];
}

/** A flag's help in full, with whether it may be repeated and its default. */
export function helpOf({ help, repeatable = false, otherwise }: Flag): string {
  return `${help}${repeatable ? "; repeatable" : ""}${otherwise === undefined ? "" : ` (default: ${otherwise})`}`;
}

/** Gives a command the flags of a table, under a heading in its help. */
export function withFlags<Args extends unknown[], Options extends Record<string, unknown>, Table extends FlagTable>(
  command: Command<Args, Options>,
  heading: string,
  table: Table,
): Command<Args, Options & FlagValues<Table>> {
  for (const flag of Object.values(table)) {
    command.addOption(optionOf(flag, longName(flag), flag.names).helpGroup(`${heading}:`));
    for (const alias of flag.aliases ?? []) {
      command.addOption(optionOf(flag, alias, flag.names.replace(/^.*--[\w-]+/, alias)).hideHelp());
    }
  }
  return command as unknown as Command<Args, Options & FlagValues<Table>>;
}

function optionOf(flag: Flag, name: string, names: string): Option {
  const option = new Option(names, helpOf(flag));
  option.negate = false; // --no-close would else be the negation of a --close that is on by default
  if (flag.choices !== undefined) option.argChoices = [...flag.choices];
  return flag.parse === undefined
    ? option
    : option.argParser((text: string, before: unknown) => flag.parse!(name, text, before));
}

function schemaOf(field: FieldPath): z.ZodOptional<z.ZodType> {
  const [section, name] = field.split(".") as [Section, string];
  return (SECTIONS[section].shape as Record<string, z.ZodOptional<z.ZodType>>)[name]!;
}

function choicesOf(schema: z.ZodOptional<z.ZodType>): readonly string[] | undefined {
  const inner = schema.unwrap() as z.ZodType & { readonly options?: readonly string[] };
  return inner.def.type === "enum" ? inner.options : undefined;
}

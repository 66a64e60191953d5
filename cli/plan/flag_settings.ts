// What the flags on a command line set: a scenario to lie over another one, and the flag behind each of its fields, under
// whose name an error speaks of it.

import type { Scenario } from "../../lib/scenario/scenario.ts";
import { type FieldRef, UsageError } from "../../lib/scenario/usage_error.ts";
import { type Flag, type FlagTable, longName } from "../flag/flag.ts";
import { PLAN_FLAGS } from "../flag/plan_flags.ts";
import type { InputFiles } from "../input/input_files.ts";

const TABLE: FlagTable = PLAN_FLAGS;

/** A field that a flag has set. */
interface Setting {
  /** As it was given: --rps, --qps. */
  readonly name: string;
  readonly flag: Flag;
  readonly value: unknown;
}

export class FlagSettings {
  readonly #settings = new Map<string, Setting>();

  /** Throws a `UsageError` if two flags set one field, or if a flag's file cannot be read. */
  constructor(flags: Readonly<Record<string, unknown>>, files: InputFiles) {
    for (const flag of Object.values(TABLE)) {
      for (const name of [longName(flag), ...flag.aliases ?? []]) {
        const given = flags[keyOf(name)];
        if (given === undefined) continue;
        for (const [field, value] of Object.entries(flag.settings?.(given, files) ?? {})) {
          const other = this.#settings.get(field);
          if (other !== undefined) throw UsageError.conflict(name, other.name, "give one of them");
          this.#settings.set(field, { name, flag, value });
        }
      }
    }
  }

  /** The flags in a scenario's shape; each value was checked by its field's schema. */
  scenario(): Scenario {
    const sections: Record<string, Record<string, unknown>> = {};
    for (const [path, { value }] of this.#settings) {
      const [section, name] = path.split(".") as [string, string];
      (sections[section] ??= {})[name] = value;
    }
    return sections;
  }

  /**
   * The flag that a field goes by: the one that set it, or else the one that would. Undefined: there is none, or the
   * scenario below has set the field, which `isBelow` tells.
   */
  nameOf({ path, value }: FieldRef, isBelow: (path: string) => boolean): string | undefined {
    const [field, header] = fieldOf(path);
    const setting = this.#settings.get(field);
    if (header !== undefined) return hasHeader(setting?.value, header) ? `${setting!.name} ${header}` : undefined;
    // Of several requests one may lack what another one has, so that a field which no flag has set is the scenario's.
    if (setting === undefined && (field.startsWith("request.") || isBelow(path))) return undefined;
    const flag = setting?.flag ?? Object.values(TABLE).find((flag) => flag.field === field);
    if (flag === undefined) return undefined;
    const name = setting?.name ?? longName(flag);
    return value === undefined || flag.parse === undefined ? name : `${name} ${value}`;
  }
}

/** The key of a flag's value: noClose for --no-close. */
function keyOf(name: string): string {
  return name.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The field that a flag sets for a path: requests[2].url → request.url, load.stages[0] → load.stages. A header apart. */
function fieldOf(path: string): readonly [field: string, header: string | undefined] {
  if (path === "baseUrl") return ["request.url", undefined]; // --url takes its place
  const [, section, name, rest] = /^(\w+)(?:\[\d+\])?\.(\w+)(?:\[\d+\])?(?:\.(.*))?$/s.exec(path) ?? [];
  if (section === undefined) return [path, undefined];
  const field = `${section === "requests" ? "request" : section}.${name}`;
  return field === "request.headers" ? [field, rest] : [rest === undefined ? field : path, undefined];
}

function hasHeader(headers: unknown, name: string): boolean {
  return Object.keys(headers ?? {}).some((other) => other.toLowerCase() === name.toLowerCase());
}

// What the names in templates stand for: the scenario's variables, the environment, the feeders' columns, the built-ins.

import type { Random } from "../../core/random.ts";
import type { Plan } from "../plan.ts";
import { UsageError } from "../usage_error.ts";
import { nearest } from "../value/suggest.ts";
import { BUILT_INS, type Expression, parseTemplate } from "./template.ts";

/** A feeder's rows, as texts. */
export interface FeedRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a plan's templates take from outside: this library reads neither files nor the environment. */
export interface TemplateInputs {
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** One for each of the plan's feeders, in their order. */
  readonly feeds?: readonly FeedRows[] | undefined;
  /** What is in the files that the plan's requests name as their bodies, by path. */
  readonly bodies?: Readonly<Record<string, Uint8Array>> | undefined;
}

/** What a template's values are taken from: one request, or one pass through a sequence of them. */
export interface Iteration {
  /** From 0. */
  readonly index: number;
  readonly uuid: string;
  /** A row of each feeder. */
  readonly rows: readonly (readonly string[])[];
  readonly random: Random;
}

/** A value that each iteration has anew. */
export type Source = (iteration: Iteration) => string;

/** A feeder's column, whose values are known beforehand. */
export interface Column {
  readonly feeder: number;
  readonly column: number;
}

/** What an expression stands for. */
export type Meaning =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "source"; readonly source: Source; readonly column: Column | undefined };

export class Scope {
  readonly #environment: NonNullable<TemplateInputs["environment"]>;
  readonly #feeds: readonly FeedRows[];
  readonly #variables = new Map<string, string>();
  /** By every name that they go by; undefined: by more than one column. */
  readonly #columns = new Map<string, Column | undefined>();

  /** Throws a `UsageError` for a feeder without rows, a name used twice, and an unset environment variable. */
  constructor(plan: Plan, { environment = {}, feeds = [] }: TemplateInputs) {
    if (feeds.length !== plan.feeders.length) throw new Error("the plan has feeders whose rows are not given");
    this.#environment = environment;
    this.#feeds = feeds;
    plan.feeders.forEach(({ file, as }, feeder) => {
      const { columns, rows } = feeds[feeder]!;
      if (rows.length === 0) throw UsageError.expected(`feeders[${feeder}].file`, "a file with at least one row", file);
      columns.forEach((name, column) => {
        const place = { feeder, column };
        this.#columns.set(name, this.#columns.has(name) ? undefined : place);
        if (as !== undefined) this.#columns.set(`${as}.${name}`, place);
      });
    });
    for (const [name, value] of Object.entries(plan.variables)) {
      const field = `variables.${name}`;
      const taken = this.#columns.has(name) ? "a feeder's column" : isBuiltIn(name) ? "built in" : undefined;
      if (taken !== undefined) throw new UsageError(field, `expected another name: ${name} is ${taken}`);
      this.#variables.set(name, this.#constant(field, value));
    }
  }

  /** The rows of a feeder. */
  rowsOf({ feeder }: Column): FeedRows["rows"] {
    return this.#feeds[feeder]!.rows;
  }

  /** Throws a `UsageError` that names `field` for an unknown or ambiguous name. */
  meaning(field: string, expression: Expression): Meaning {
    switch (expression.kind) {
      case "environment":
        return { kind: "text", text: this.#fromEnvironment(field, expression.name) };
      case "index":
        return { kind: "source", source: ({ index }) => String(index), column: undefined };
      case "uuid":
        return { kind: "source", source: ({ uuid }) => uuid, column: undefined };
      case "timestamp":
        return { kind: "source", source: () => String(Date.now()), column: undefined };
      case "randomInt": {
        const { least, most } = expression;
        return { kind: "source", source: ({ random }) => String(random.int(least, most)), column: undefined };
      }
      case "name":
        return this.#named(field, expression.name);
    }
  }

  #named(field: string, name: string): Meaning {
    const text = this.#variables.get(name);
    if (text !== undefined) return { kind: "text", text };
    const place = this.#columns.get(name);
    if (place !== undefined) {
      const { feeder, column } = place;
      return { kind: "source", source: ({ rows }) => rows[feeder]![column]!, column: place };
    }
    if (this.#columns.has(name)) {
      throw new UsageError(
        field,
        `expected a feeder's name in front, as in {{users.${name}}}: two feeders have a column "${name}"`,
      );
    }
    const known = [...this.#variables.keys(), ...this.#columns.keys(), ...BUILT_INS];
    const meant = nearest(name, known);
    const hint = meant === undefined ? `expected ${known.join(", ")}` : `did you mean ${meant}?`;
    throw new UsageError(field, `unknown variable "${name}", ${hint}`);
  }

  #constant(field: string, value: string): string {
    return parseTemplate(field, value).map((part) => {
      if (typeof part === "string") return part;
      if (part.kind !== "environment") {
        throw UsageError.expected(field, "a text that takes values only from the environment, as in ${NAME}", value);
      }
      return this.#fromEnvironment(field, part.name);
    }).join("");
  }

  #fromEnvironment(field: string, name: string): string {
    const value = this.#environment[name];
    if (value === undefined) throw UsageError.expected(field, `the environment variable ${name} to be set`);
    return value;
  }
}

function isBuiltIn(name: string): boolean {
  return (BUILT_INS as readonly string[]).includes(name);
}

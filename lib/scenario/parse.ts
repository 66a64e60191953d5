// From a scenario's text to a valid scenario, or to one line that says what is wrong, and where.

import type { z } from "zod";
import { type Scenario, scenarioJsonSchema, scenarioSchema } from "./scenario.ts";
import { UsageError } from "./usage_error.ts";
import { JsonText } from "./value/json_text.ts";
import { nearest } from "./value/suggest.ts";

/**
 * Parses a scenario file's text. `where` is the file's name as the user wrote it.
 * Throws a `UsageError` that names the file, the field and its line and column.
 */
export function parseScenario(text: string, where: string): Scenario {
  const json = new JsonText(text, where);
  const twice = json.repeated();
  if (twice !== undefined) {
    throw new UsageError(
      `${where}:${twice.line}:${twice.column}`,
      `expected "${twice.name}" only once, it is also above`,
    );
  }
  const parsed = scenarioSchema.safeParse(json.value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const { path, problem } = explain(issue, json.value);
  const { line, column } = json.position(path);
  const field = path.length === 0 ? "" : ` ${pathInWords(path)}:`;
  throw new UsageError(`${where}:${line}:${column}`, `${field} ${problem}`.trim());
}

/** thresholds[1].expression */
function pathInWords(path: readonly PropertyKey[]): string {
  return path.map((step, depth) => typeof step === "number" ? `[${step}]` : `${depth === 0 ? "" : "."}${String(step)}`)
    .join("");
}

/** Checks one value against its field's schema. The `UsageError` names `field` and quotes `got`, the value as written. */
export function checkField<T>(field: string, schema: z.ZodType<T>, value: unknown, got = value): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(field, explain(parsed.error.issues[0]!, got).problem);
}

function explain(issue: z.core.$ZodIssue, root: unknown): { path: PropertyKey[]; problem: string } {
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const known = fieldsOf(issue.path);
    const meant = nearest(key, known);
    const problem = `unknown field, ${meant === undefined ? `expected ${known.join(", ")}` : `did you mean ${meant}?`}`;
    return { path: [...issue.path, key], problem };
  }
  if (issue.code === "custom" && issue.params?.["whole"] === true) return { path: issue.path, problem: issue.message };
  const got = valueAt(root, issue.path);
  return { path: issue.path, problem: UsageError.expected("", issue.message, got).problem };
}

/** What this file needs of a JSON Schema. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  /** A text, or an object with fields. */
  readonly anyOf?: readonly Node[];
}

/** The fields that the object at `path` may have. */
function fieldsOf(path: readonly PropertyKey[]): string[] {
  const at = path.reduce<Node>(
    (node, step) => (typeof step === "number" ? node.items : node.properties?.[String(step)]) ?? {},
    scenarioJsonSchema(),
  );
  const { properties } = at.anyOf?.find((node) => node.properties !== undefined) ?? at;
  return Object.keys(properties ?? {});
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], root);
}

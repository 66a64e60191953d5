// The result file: written the same way every time, and checked in full when it is read.

import { UsageError } from "../scenario/usage_error.ts";
import { JsonText } from "../scenario/value/json_text.ts";
import { readHdr } from "./hdr.ts";
import { type Result, resultSchema } from "./result.ts";

/**
 * Writes a result as the text of a result file (`loadgen/result@1`): fields in the schema's order, counts by code in
 * alphabetical order, one line for each block and each second of the series, no newline at the end. Checks nothing, so that no run is
 * lost over an odd number in its result; `parseResult` does.
 */
export function resultToJson(result: Result): string {
  const { blocks, series, ...rest } = ordered(resultSchema as unknown as Shape, result) as Result;
  const head = JSON.stringify(rest, null, 2).slice(0, -"\n}".length);
  return `${head}${blocks === undefined ? "" : `,\n  "blocks": ${inLines(blocks)}`},\n  "series": ${
    inLines(series)
  }\n}`;
}

/** A list with a line for each item. */
function inLines(items: readonly unknown[]): string {
  return items.length === 0 ? "[]" : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`;
}

/**
 * Reads the text of a result file (`loadgen/result@1`), as the command and `resultToJson` write it: latencies in µs, sizes
 * in bytes, times in ms, as the fields' names say. Leaves fields of later versions out. `where` is the file's name
 * in errors.
 *
 * Throws a `UsageError` with one line that names `where`, line, column and field if it is not a result.
 *
 * ```ts
 * const { latencyUs, leak } = parseResult(readFileSync("run.json", "utf8"), "run.json");
 * console.log(latencyUs.response.p99, leak.verdict);
 * ```
 */
export function parseResult(text: string, where = "result"): Result {
  const json = new JsonText(text, where);
  const parsed = resultSchema.safeParse(json.value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw problemAt(json, where, path, message.replace(/^Invalid input: /, "").replace(", received undefined", ""));
  }
  const { blocks = [], latencyUs: { byError, ...clocks } } = parsed.data;
  const distributions: [path: PropertyKey[], hdr: string][] = [
    ...Object.entries(clocks).map(([name, { hdr }]): [string[], string] => [["latencyUs", name, "hdr"], hdr]),
    ...Object.entries(byError).map((
      [name, { hdr }],
    ): [string[], string] => [["latencyUs", "byError", name, "hdr"], hdr]),
    ...blocks.flatMap(({ latencyUs }, index) =>
      Object.entries(latencyUs).map((
        [name, hdr],
      ): [PropertyKey[], string] => [["blocks", index, "latencyUs", name], hdr])
    ),
  ];
  for (const [path, hdr] of distributions) {
    if (!isHdr(hdr)) throw problemAt(json, where, path, "expected a compressed HdrHistogram");
  }
  return parsed.data;
}

function problemAt(json: JsonText, where: string, path: readonly PropertyKey[], problem: string): UsageError {
  const { line, column } = json.position(path);
  const field = path.length === 0 ? "the whole file" : path.map(String).join(".");
  return new UsageError(`${where}:${line}:${column}`, `${field}: ${problem}`);
}

function isHdr(text: string): boolean {
  try {
    readHdr(text);
    return true;
  } catch {
    return false;
  }
}

/** The part of a zod schema that says what lies inside what; zod's own class types, narrowed, overwhelm the compiler. */
interface Shape {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Shape>>;
  readonly element?: Shape;
  readonly valueType?: Shape;
  readonly unwrap?: () => Shape;
}

/** The value with its keys in the schema's order; keys that the schema does not know come after those that it does. */
function ordered(schema: Shape, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (schema.type === "nullable" || schema.type === "optional" || schema.type === "default") {
    return ordered(schema.unwrap!(), value);
  }
  if (Array.isArray(value)) return value.map((item) => ordered(schema.element!, item));
  const fields = value as Record<string, unknown>;
  if (schema.type === "record") return orderedRecord(schema, fields);
  const shape = schema.shape ?? {};
  const known = Object.keys(shape).filter((key) => Object.hasOwn(fields, key));
  const others = Object.keys(fields).filter((key) => !Object.hasOwn(shape, key));
  return Object.fromEntries([
    ...known.map((key) => [key, ordered(shape[key]!, fields[key])]),
    ...others.map((key) => [key, fields[key]]),
  ]);
}

/** Its keys are data: in alphabetical order, whatever order they were counted in. */
function orderedRecord(schema: Shape, fields: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.keys(fields).sort().map((key) => [key, ordered(schema.valueType!, fields[key])]));
}

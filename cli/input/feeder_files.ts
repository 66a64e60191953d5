// Rows for templates, from CSV (RFC 4180) and JSON Lines files. What takes which row is up to the run.

import { type CsvError, parse } from "csv-parse/sync";
import type { FeederPlan } from "../../lib/scenario/plan.ts";
import type { FeedRows } from "../../lib/scenario/template/scope.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import type { InputFiles } from "./input_files.ts";

/** Reads the files of a plan's feeders. Throws a `UsageError` whose field is a path into the scenario ("feeders[0].file"). */
export function readFeeds(feeders: readonly FeederPlan[], files: InputFiles): FeedRows[] {
  return feeders.map(({ file }, index) => {
    const field = `feeders[${index}].file`;
    const text = files.text(field, file);
    return /\.csv$/i.test(file) ? fromCsv(field, file, text) : fromJsonLines(field, file, text);
  });
}

/** RFC 4180, with the columns' names in the first line. */
function fromCsv(field: string, file: string, text: string): FeedRows {
  let records: string[][];
  try {
    records = parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    const { message } = error as CsvError;
    throw new UsageError(field, `expected CSV (RFC 4180), got ${JSON.stringify(file)}: ${message}`);
  }
  const [columns = [], ...rows] = records;
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw UsageError.expected(field, `each column once, "${twice}" is there twice`, file);
  return { columns, rows };
}

/** An object per line. Every line must have the same fields: the columns. */
function fromJsonLines(field: string, file: string, text: string): FeedRows {
  const objects = text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const object = parseObject(line);
    if (object === undefined) throw UsageError.expected(field, `a JSON object in line ${index + 1}`, file);
    return [{ line: index + 1, object }];
  });
  const columns = [...new Set(objects.flatMap(({ object }) => Object.keys(object)))];
  const rows = objects.map(({ line, object }) =>
    columns.map((name) => {
      if (!(name in object)) throw UsageError.expected(field, `"${name}" in line ${line}, as in the other lines`, file);
      return textOf(object[name]);
    })
  );
  return { columns, rows };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

/** A text as it is, null as nothing, anything else as JSON. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null ? "" : JSON.stringify(value);
}

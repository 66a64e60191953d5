// How a flag's text becomes a value: parsers of commander's kind, each of which throws a `UsageError` under the flag's name.

import { Option } from "@commander-js/extra-typings";
import { checkField } from "../../lib/scenario/parse.ts";
import { type Scenario, stageSchema, targetSchema } from "../../lib/scenario/scenario.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { expectedOfHeader, splitHeader } from "../../lib/scenario/value/header.ts";
import { SIZE_PATTERN } from "../../lib/scenario/value/size.ts";
import { parseThreshold, type Threshold } from "../../lib/scenario/value/threshold.ts";

type Stage = NonNullable<NonNullable<Scenario["load"]>["stages"]>[number];
type Schema<T> = Parameters<typeof checkField<T>>[1];

/** The text as it is, checked as its scenario field would be. */
export function textFlag<T>(flag: string, schema: Schema<T>): (text: string) => NonNullable<T> {
  return (text) => checkField(flag, schema, text)!;
}

/** The text as a number, checked as its scenario field would be. */
export function numberFlag(flag: string, schema: Schema<number | undefined>): (text: string) => number {
  return (text) => checkField(flag, schema, asNumber(text), text)!;
}

/** `Number` takes "", " " and "0x10" for numbers; whatever is not one stays a text, which the schema then refuses. */
function asNumber(text: string): unknown {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

/** `Name: value`, once more. */
export function headerFlag(text: string, before: [string, string][] = []): [string, string][] {
  const split = splitHeader(text);
  const expected = split === undefined ? '"Name: value"' : expectedOfHeader(...split);
  if (expected !== undefined) throw UsageError.expected("--header", expected, text);
  return [...before, split!];
}

/** One size, or a range of two: 1KiB, 100-2000. */
export function bodyBytesFlag(text: string): { bodyBytes: string; bodyBytesMax?: string } {
  const [least, most, ...more] = text.split("-");
  const valid = more.length === 0 && SIZE_PATTERN.test(least!) && (most === undefined || SIZE_PATTERN.test(most));
  if (!valid) throw UsageError.expected("--body-bytes", "a size such as 16KiB, or a range such as 100-2000", text);
  checkField("--body-bytes", targetSchema.shape.bodyBytes, most ?? least);
  return most === undefined ? { bodyBytes: least! } : { bodyBytes: least!, bodyBytesMax: most };
}

/** A duration and a rate, once more: 30s:100. */
export function stageFlag(text: string, before: Stage[] = []): Stage[] {
  const [duration, rps, ...more] = text.split(":");
  if (rps === undefined || more.length > 0) {
    throw UsageError.expected("--stage", "a duration and a rate, such as 30s:100", text);
  }
  const { shape } = stageSchema;
  const parts = {
    duration: checkField("--stage", shape.duration, duration),
    rps: checkField("--stage", shape.rps, asNumber(rps), rps),
  };
  return [...before, parts];
}

/** A rule that fails the run where it comes true, once more; `abort`: it ends the run as well. */
export function failIfFlag(flag: string, abort: boolean): (text: string, before?: Threshold[]) => Threshold[] {
  return (text, before = []) => [...before, parseThreshold(text, { field: flag, kind: "failIf", abort })];
}

/** A flag that may be repeated. */
export function repeatedFlag(text: string, before: string[] = []): string[] {
  return [...before, text];
}

/**
 * A flag whose name begins with "no-" and that negates nothing: commander would make `--no-close` the negation of a
 * `--close` that is on by default. `_typedAs` is its name for the type checker: `--noClose` gives `options.noClose`.
 */
export function ownFlag<Flags extends string>(
  flag: `--no-${string}`,
  _typedAs: Flags,
  description: string,
): Option<Flags> {
  const option = new Option(flag, description);
  option.negate = false;
  return option as unknown as Option<Flags>;
}

// Turns a flag's text into a value, if its schema alone cannot. Each function throws a `UsageError` that names the flag.

import { checkField } from "../../lib/scenario/parse.ts";
import {
  EXPECTED_STATUSES,
  type Scenario,
  stageSchema,
  statusesSchema,
  targetSchema,
} from "../../lib/scenario/scenario.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { expectedOfHeader, splitHeader } from "../../lib/scenario/value/header.ts";
import { parseSizeBytes, SIZE_PATTERN } from "../../lib/scenario/value/size.ts";
import { nearest } from "../../lib/scenario/value/suggest.ts";
import { isRuntimeName, type RuntimeName, RUNTIMES } from "../process/runtimes.ts";

/** `Number` takes "", " " and "0x10" for numbers; other text stays text, for the schema to refuse. */
export function asNumber(text: string): unknown {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

type Header = readonly [name: string, value: string];

/** `Name: value`, once more. */
export function parseHeader(name: string, text: string, before: readonly Header[] = []): readonly Header[] {
  const split = splitHeader(text);
  const expected = split === undefined ? '"Name: value"' : expectedOfHeader(...split);
  if (expected !== undefined) throw UsageError.expected(name, expected, text);
  return [...before, split!];
}

/** Repeated names become a list: each value is a field line of its own. */
export function headersByName(lines: readonly Header[]): Record<string, string[]> {
  const byName: Record<string, string[]> = {};
  for (const [name, value] of lines) {
    const known = Object.keys(byName).find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
    (byName[known] ??= []).push(value);
  }
  return byName;
}

export interface SizeRange {
  readonly least: string;
  /** Undefined: every body has size `least`. */
  readonly most: string | undefined;
}

/** One size, or a range of two: 1KiB, 100-2000. */
export function parseSizeRange(name: string, text: string): SizeRange {
  const [least, most, ...more] = text.split("-");
  const valid = more.length === 0 && SIZE_PATTERN.test(least!) && (most === undefined || SIZE_PATTERN.test(most));
  if (!valid) throw UsageError.expected(name, "a size such as 16KiB, or a range such as 100-2000", text);
  checkField(name, targetSchema.shape.bodyBytes, most ?? least);
  if (most !== undefined && parseSizeBytes(most)! < parseSizeBytes(least!)!) {
    throw UsageError.expected(name, "the smaller size first", text);
  }
  return { least: least!, most };
}

type Stage = NonNullable<NonNullable<Scenario["load"]>["stages"]>[number];

/** A duration and a rate, once more: 30s:100. */
export function parseStage(name: string, text: string, before: Stage[] = []): Stage[] {
  const [duration, rps, ...more] = text.split(":");
  if (rps === undefined || more.length > 0) {
    throw UsageError.expected(name, "a duration and a rate, such as 30s:100", text);
  }
  const { shape } = stageSchema;
  const stage = {
    duration: checkField(name, shape.duration, duration),
    rps: checkField(name, shape.rps, rps),
  };
  return [...before, stage];
}

/** Codes and classes with commas between, or any: 2xx,404. */
export function parseStatuses(name: string, text: string): NonNullable<Scenario["expectStatus"]> {
  const words = text.split(",").map((word) => asNumber(word.trim()));
  const parsed = statusesSchema.safeParse(words.length === 1 ? words[0] : words);
  if (!parsed.success) throw UsageError.expected(name, EXPECTED_STATUSES, text);
  return parsed.data;
}

/** How often a comparison goes around. */
export function parseRounds(name: string, text: string): number {
  const rounds = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (!(rounds >= 1 && rounds <= 100)) throw UsageError.expected(name, "a whole number from 1 to 100", text);
  return rounds;
}

/** A TCP port to listen on. */
export function parsePort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw UsageError.expected(name, "a port from 0 to 65535", text);
  return port;
}

/** Names of runtimes, with commas between. */
export function parseRuntimes(name: string, text: string): RuntimeName[] {
  const names = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const unknown = names.find((name) => !isRuntimeName(name));
  const meant = unknown === undefined ? undefined : nearest(unknown, RUNTIMES);
  if (meant !== undefined) throw new UsageError(name, `unknown runtime "${unknown}", did you mean ${meant}?`);
  if (unknown !== undefined || names.length === 0) {
    throw UsageError.expected(name, `a list of ${RUNTIMES.join(", ")}`, unknown ?? text);
  }
  if (new Set(names).size < names.length) throw UsageError.expected(name, "each runtime once", text);
  return names.filter(isRuntimeName);
}

// The kinds of fields that a scenario has. Each one's error is what was expected: the caller puts the field's name in front
// and the value behind.

import { z } from "zod";
import { DURATION_PATTERN, LONGEST_DURATION_MS, parseDurationMs } from "./value/duration.ts";
import { parseRps, RATE_PATTERN } from "./value/rate.ts";
import { parseSizeBytes, SIZE_PATTERN } from "./value/size.ts";

export const text = (description: string) => z.string({ error: "a text" }).describe(description);
export const flag = (description: string) => z.boolean({ error: "true or false" }).describe(description);

export function count(description: string, least: number, most?: number) {
  const range = most === undefined ? `, ${least} or more` : ` from ${least} to ${most}`;
  const error = `a whole number${range}`;
  const schema = z.int({ error }).min(least, { error });
  return (most === undefined ? schema : schema.max(most, { error })).describe(description);
}

export function duration(description: string, { zero }: { zero: boolean }) {
  const error = `a duration ${zero ? "" : "above 0 "}with a unit, such as 10s, 500ms or 1m30s`;
  return z.string({ error })
    .regex(DURATION_PATTERN, { error })
    .refine((text) => zero || parseDurationMs(text) !== 0, { error })
    .refine((text) => parseDurationMs(text)! <= LONGEST_DURATION_MS, { error: "a duration of at most 576h" })
    .describe(description);
}

export function size(description: string) {
  const error = "a size in bytes, such as 1024, 16KiB or 1MiB";
  return z.union([z.int().nonnegative(), z.string().regex(SIZE_PATTERN, { error })], { error })
    .refine((size) => (typeof size === "number" ? size : parseSizeBytes(size)!) <= 1024 ** 3, {
      error: "at most 1024MiB",
    })
    .describe(description);
}

/** Where 24 days of requests can still be counted one by one. */
const MOST_RPS = 1e9;

export function rate(description: string, { zero }: { zero: boolean }) {
  const error = zero ? "a number, 0 or more" : "a number above 0";
  return z.union([z.number(), z.string().regex(RATE_PATTERN, { error })], { error })
    .refine((rate) => parseRps(rate)! >= (zero ? 0 : Number.MIN_VALUE), { error })
    .refine((rate) => parseRps(rate)! <= MOST_RPS, { error: `a number of at most ${MOST_RPS}` })
    .describe(description);
}

/** A text, checked by what `problemOf` says of it: the rest of the line after the field's name. */
export function checkedText(description: string, problemOf: (text: string) => string | undefined) {
  return text(description).superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem, params: { whole: true } });
  });
}

export const pemFile = (description: string) =>
  text(`${description} A relative path counts from the scenario's file.`).min(1, { error: "a file's path" });

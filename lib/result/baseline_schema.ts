// What a result says of a baseline that its run was held against, and what a comparison says of two sides.

import { z } from "zod";

/** The change of a figure from `a`, the baseline, to `b`. */
export const differenceSchema = z.object({
  metric: z.string(),
  /** In the figure's own unit: µs, a rate a second, bytes, % of the requests, connections for each request. */
  a: z.number(),
  b: z.number(),
  /** Of `change`, `low` and `high`: % of `a`, percentage points, or a number for each request. */
  unit: z.enum(["percent", "points", "perRequest"]),
  change: z.number(),
  /** The 99 % interval of the change; null: these runs do not tell it. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Higher or lower only where the whole interval is. */
  verdict: z.enum(["higher", "lower", "none seen"]),
});

/** A field in which two plans differ, or "runtime", with its version. */
export const unlikeSchema = z.object({
  field: z.string(),
  a: z.string(),
  b: z.string(),
  /** What cannot be compared for it: empty if all can. */
  spoils: z.array(z.enum(["latency", "rate", "errors", "memory", "connections"])),
});

/** A rule over a change, and what became of it. */
export const changeRuleSchema = z.object({
  /** As it was written: "p99 > +10%". */
  expression: z.string(),
  metric: z.string(),
  operator: z.enum([">", ">=", "<", "<="]),
  bound: z.number(),
  /** Null: it could not be measured, which fails the rule. */
  difference: differenceSchema.nullable(),
  /** The share of requests that failed, in %, where it is so large that the latency is not worth its name; fails the rule. */
  unanswered: z.number().nullable(),
  failed: z.boolean(),
});

export const baselineSchema = z.object({
  /** The files' names. */
  files: z.array(z.string()),
  unlike: z.array(unlikeSchema),
  differences: z.array(differenceSchema),
  rules: z.array(changeRuleSchema),
});

export type Difference = z.infer<typeof differenceSchema>;
export type Unlike = z.infer<typeof unlikeSchema>;
export type ChangeOutcome = z.infer<typeof changeRuleSchema>;
export type Baseline = z.infer<typeof baselineSchema>;

/** In what a difference is told. */
export type ChangeUnit = Difference["unit"];

/** What else has to be the same in two plans for a figure to be comparable. */
export type Concern = Unlike["spoils"][number];

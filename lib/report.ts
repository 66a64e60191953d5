// `loadgen/report`: reads, writes and renders results.

export { type Result, resultSchema } from "./result/result.ts";
export { parseResult, resultToJson } from "./result/json.ts";
export { readJournal } from "./result/journal_reader.ts";
export type { ChangeOutcome, Difference, Unlike } from "./result/baseline_schema.ts";
export { compareResults, type Comparison } from "./result/difference/baseline.ts";
export type { Pair } from "./result/difference/pair.ts";
export { type RenderOptions } from "./report/text/style.ts";
export { renderComparison, renderTerminal } from "./report/terminal.ts";
export type { ComparisonColumn } from "./report/comparison/comparison.ts";
export type { LabelledResult } from "./report/comparison/labelled_result.ts";
export { type Operator, parseThreshold, type Threshold, type ThresholdUnit } from "./scenario/value/threshold.ts";
export type { Slope } from "./record/statistics/slope.ts";
export { type FieldRef, UsageError, type UsageProblem } from "./scenario/usage_error.ts";

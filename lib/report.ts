// `loadgen/report`: reads, writes and renders results.

export { type Result, resultSchema } from "./result/result.ts";
export { parseResult, resultToJson } from "./result/json.ts";
export { type RenderOptions } from "./report/text/style.ts";
export { renderTerminal } from "./report/terminal.ts";
export { type ComparisonColumn, renderComparison } from "./report/comparison/comparison.ts";
export { parseThreshold, type Threshold } from "./scenario/value/threshold.ts";
export { UsageError } from "./scenario/usage_error.ts";

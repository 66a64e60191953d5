// A rule's value in words: what stops a run says it, and what reports on one.

import { formatBytes, formatCount, formatDurationUs, formatPercent } from "../../core/units.ts";
import type { ThresholdOutcome } from "./threshold_outcome.ts";

/** "340 ms", "at least 1.20 s"; the value must be one. */
export function thresholdValueInWords(
  unit: ThresholdOutcome["unit"],
  { value, lowerBound }: Pick<ThresholdOutcome, "value" | "lowerBound">,
): string {
  return `${lowerBound ? "at least " : ""}${FORMATS[unit](value!)}`;
}

const FORMATS: Readonly<Record<ThresholdOutcome["unit"], (value: number) => string>> = {
  us: formatDurationUs,
  bytes: formatBytes,
  percent: (value) => formatPercent(value / 100),
  count: (value) => Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(4))),
};

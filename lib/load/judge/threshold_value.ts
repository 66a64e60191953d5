// A rule's value in words: what stops a run says it, and what reports on one.

import { formatBytes, formatCount, formatDurationUs, formatPercent } from "../../core/units.ts";
import type { ThresholdUnit } from "../../scenario/value/threshold.ts";
import type { OutcomeReason, ThresholdOutcome } from "./threshold_outcome.ts";

type Valued = Pick<ThresholdOutcome, "unit" | "value" | "lowerBound" | "reason" | "notAsExpected">;

/** "it was 340 ms", "it was at least 1.20 s", "2 % of requests were not answered as expected". */
export function outcomeInWords({ unit, value, lowerBound, reason = "notMeasured", notAsExpected }: Valued): string {
  if (value !== null && unit !== "verdict") return `it was ${lowerBound ? "at least " : ""}${FORMATS[unit](value)}`;
  if (notAsExpected === undefined) return REASONS[reason];
  return `${formatPercent(notAsExpected.count / notAsExpected.of)} of requests were not answered as expected`;
}

const REASONS: Readonly<Record<OutcomeReason, string>> = {
  noRequests: "there was no request",
  noAnswers: "nothing was answered",
  notAsExpected: "too few requests were answered as expected",
  notMeasured: "it could not be measured",
  leaking: "it leaks",
  growing: "it grows",
  clean: "nothing leaks",
  inconclusive: "it could not be told",
};

const FORMATS: Readonly<Record<ThresholdUnit, (value: number) => string>> = {
  us: formatDurationUs,
  bytes: formatBytes,
  percent: (value) => formatPercent(value / 100),
  count: (value) => Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(4))),
};

import type { Threshold, ThresholdUnit } from "../../scenario/value/threshold.ts";

/** Why a rule has no value, or failed without one. */
export type OutcomeReason =
  /** There was no request that it could be about. */
  | "noRequests"
  /** Nothing was answered. */
  | "noAnswers"
  /** So many requests were not answered as expected that the value is infinite. */
  | "notAsExpected"
  /** The run does not tell it. */
  | "notMeasured"
  /** Of the leak gate: its verdict. */
  | "leaking"
  | "growing"
  | "clean"
  | "inconclusive";

/** A rule over the run's figures, and what became of it. */
export interface ThresholdOutcome extends Pick<Threshold, "expression" | "kind" | "abort"> {
  /** "verdict": the leak gate, which has no value. */
  readonly unit: ThresholdUnit | "verdict";
  /** Null: there is none, or it is infinite, as `reason` says. */
  readonly value: number | null;
  /** The value may be higher: where that could change the answer, the rule has failed. */
  readonly lowerBound: boolean;
  readonly failed: boolean;
  /** Undefined: the value says it. */
  readonly reason?: OutcomeReason | undefined;
  /** Of the requests that the rule is about; given for the reason of that name. */
  readonly notAsExpected?: { readonly count: number; readonly of: number } | undefined;
  /** It ended the run; undefined: it did not. */
  readonly endedRun?: true | undefined;
}

import type { Threshold } from "../../scenario/value/threshold.ts";

/** A rule over the run's figures, and what became of it. */
export interface ThresholdOutcome extends Pick<Threshold, "expression" | "kind" | "abort" | "unit"> {
  /** Null: the run could not measure it, which fails the rule. */
  readonly value: number | null;
  /** The value may be higher: where that could change the answer, the rule has failed. */
  readonly lowerBound: boolean;
  readonly failed: boolean;
}

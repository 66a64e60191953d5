// Several results beside each other: each held against the first.

import type { ChangeOutcome } from "../baseline_schema.ts";
import type { Result } from "../result.ts";
import { compareResults, type Comparison, judgeRules } from "./baseline.ts";
import type { ChangeRule } from "./change_rule.ts";

/** A column against the first, by their labels. */
export interface Pair extends Comparison {
  readonly against: string;
  readonly column: string;
  readonly rules: readonly ChangeOutcome[];
}

interface LabelledRun {
  readonly label: string;
  /** Undefined: there is none. */
  readonly result?: Result | undefined;
  /** All runs of the column, where it is several. */
  readonly rounds?: readonly Result[] | undefined;
}

/** None without a first result. */
export function pairsOf(columns: readonly LabelledRun[], rules: readonly ChangeRule[] = []): Pair[] {
  const [first, ...others] = columns;
  if (first?.result === undefined) return [];
  const before = first.rounds ?? [first.result];
  return others.flatMap(({ label, result, rounds }) => {
    if (result === undefined) return [];
    const after = rounds ?? [result];
    return [{
      against: first.label,
      column: label,
      ...compareResults(before, after),
      rules: judgeRules(rules, before, after),
    }];
  });
}

// What the leak verdict says of synthetic runs, by what is true of them.

import { judgeLeak } from "../../lib/result/leak_verdict.ts";
import type { Result } from "../../lib/result/result.ts";
import { KINDS, type SyntheticRun, syntheticRun, type Truth } from "./synthetic_runs.ts";

type Verdict = Result["leak"]["verdict"];

export const VERDICTS: readonly Verdict[] = ["leaking", "growing", "clean", "inconclusive"];

export interface Judged {
  readonly run: SyntheticRun;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Judges so many runs of every kind, from seeds 1, 2, 3 … */
export function judgeRuns(each: number): Judged[] {
  return KINDS.flatMap((kind) =>
    Array.from({ length: each }, (_, index) => {
      const run = syntheticRun(kind, index + 1);
      const { verdict, reason } = judgeLeak(run.facts);
      return { run, seed: index + 1, verdict, reason };
    })
  );
}

/**
 * A leak that no verdict may miss: five or more bodies are held on average. One such run in a hundred at most holds none by
 * chance, and nothing can be seen in it.
 */
export function isSure({ run }: Judged): boolean {
  return run.truth !== "leaks bodies" || (run.expectedHeld >= 5 && run.facts.heldBodies > 0);
}

/** How often which verdict fell, for each kind and truth, in a Markdown table; of leaks, the sure ones apart from the rest. */
export function confusionTable(judged: readonly Judged[]): string {
  const rows = new Map<string, Map<Verdict, number>>();
  for (const each of judged) {
    const { run, verdict } = each;
    const row = `${run.kind}${
      isSure(each) ? "" : run.facts.heldBodies === 0 ? ", none was held" : ", fewer than 5 expected"
    } | ${run.truth}`;
    const counts = rows.get(row) ?? new Map<Verdict, number>();
    rows.set(row, counts.set(verdict, (counts.get(verdict) ?? 0) + 1));
  }
  const lines = [...rows].map(([row, counts]) =>
    `| ${row} | ${VERDICTS.map((verdict) => counts.get(verdict) ?? 0).join(" | ")} |`
  );
  return [`| kind | truth | ${VERDICTS.join(" | ")} |`, "|---|---|---|---|---|---|", ...lines].join("\n");
}

/** Alarms over nothing, and sure leaks that were not seen, each in words. */
export function mistakes(judged: readonly Judged[]): string[] {
  const right: Readonly<Record<Truth, readonly Verdict[]>> = {
    "leaks bodies": ["leaking"],
    "leaks memory": ["growing"],
    "leaks nothing": ["clean", "inconclusive"],
  };
  return judged
    .filter((each) => isSure(each) ? !right[each.run.truth].includes(each.verdict) : each.verdict === "growing")
    .map(({ run, seed, verdict, reason }) => `${run.kind}, seed ${seed}: ${verdict}: ${reason}`);
}

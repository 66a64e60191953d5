import type { Difference, Unlike } from "../../lib/result/baseline_schema.ts";
import type { Result } from "../../lib/result/result.ts";

/** What `compare --json` prints, as far as tests read it. */
export interface ComparisonJson {
  readonly columns: readonly {
    readonly label: string;
    readonly runtime: string | null;
    readonly client: string | null;
    readonly rounds: readonly Result[];
    readonly median: Readonly<Record<string, number | null>> | null;
    readonly problem: string | null;
  }[];
  readonly unlike: readonly Unlike[];
  readonly differences: readonly (Difference & { readonly against: string; readonly column: string })[];
  readonly rules: readonly { readonly expression: string; readonly failed: boolean }[];
}

/** The columns of a comparison's JSON, each with its first result. */
export function columnsOf(json: string): { label: string; result: Result | undefined; problem: string | null }[] {
  const { columns } = JSON.parse(json) as ComparisonJson;
  return columns.map(({ label, rounds, problem }) => ({ label, result: rounds[0], problem }));
}

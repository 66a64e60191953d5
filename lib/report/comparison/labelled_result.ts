import type { Result } from "../../result/result.ts";

/** A result and what sets it apart: a runtime's name, a file's, or words that can stand after "with" ("bodies read"). */
export interface LabelledResult {
  readonly label: string;
  readonly result: Result;
}

// What a run in a process of its own and its parent say to each other: lines of JSON. To the worker goes the plan, then
// perhaps STOP; from it come progress and, as the last line, the result or the reason why there is none.

import type { Progress } from "../../lib/load/progress.ts";
import type { Result } from "../../lib/result/result.ts";

/** The line that asks a worker to stop cleanly, with its result. */
export const STOP = "stop";

export type WorkerMessage =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "problem"; readonly problem: string };

import { scheduleOf } from "../../lib/load/schedule/schedule_of.ts";
import { scheduleLine } from "../../lib/report/schedule_line.ts";
import { wrap } from "../../lib/report/text/layout.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { destinationInWords, planInWords } from "../../lib/scenario/words/words.ts";
import { readTimestamps } from "../input/timestamps_file.ts";
import type { View } from "../terminal/terminal.ts";

/** The plan as it is printed before it runs: what, where to, and the curve of a rate that changes, or of any in `full`. */
export function planLines(plan: Plan, view: View, { full }: { full: boolean }): string {
  const words = [planInWords(plan), `to ${destinationInWords(plan)}`]
    .flatMap((line) => view.isTerminal ? wrap(line, view.columns) : [line]).join("\n");
  const { stages, timestamps } = plan.load;
  if (!full && stages === undefined && timestamps === undefined) return words;
  const schedule = scheduleOf(plan.load, readTimestamps(plan.load));
  return schedule === undefined ? words : `${words}\n${scheduleLine(schedule, view)}`;
}

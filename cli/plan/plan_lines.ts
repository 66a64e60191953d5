import { scheduleOf } from "../../lib/load/schedule/schedule_of.ts";
import { scheduleLine } from "../../lib/report/schedule_line.ts";
import { wrap } from "../../lib/report/text/layout.ts";
import { destinationInWords, planInWords } from "../../lib/scenario/words/words.ts";
import type { View } from "../terminal/terminal.ts";
import type { PlannedRun } from "./plan_from_words.ts";

/** The plan as printed before a run: what is sent, where, and the curve of a changing rate; `full`: of any rate. */
export function planLines({ plan, inputs }: PlannedRun, view: View, { full }: { full: boolean }): string {
  const words = [planInWords(plan), `to ${destinationInWords(plan)}`]
    .flatMap((line) => view.isTerminal ? wrap(line, view.columns) : [line]).join("\n");
  const { stages, timestamps } = plan.load;
  if (!full && stages === undefined && timestamps === undefined) return words;
  const schedule = scheduleOf(plan.load, inputs.timestampsMs);
  return schedule === undefined ? words : `${words}\n${scheduleLine(schedule, view)}`;
}

// What a load is, in words: its rate or its senders, how long, how many.

import { formatCounted } from "../../core/units.ts";
import { isOpenLoop, type LoadPlan, sendersOf, type Stage } from "../plan.ts";
import { formatDurationMs } from "../value/duration.ts";

/** More stages than this are summed up: nobody reads a line of twenty. */
const MOST_STAGES_IN_WORDS = 4;

/** How much is sent, and when: "100 → 1,000 rps over 30 s, then 1,000 rps for 1 m", "at most 500 requests". */
export function loadInWords(load: LoadPlan): string[] {
  const words = [whenInWords(load)];
  if (load.arrivals === "poisson") words.push(`Poisson arrivals (seed ${load.seed})`);
  const boundedOtherwise = load.stages !== undefined || load.timestamps !== undefined;
  if (load.requests !== undefined) {
    words.push(`${boundedOtherwise ? "at most " : ""}${formatCounted(load.requests, "request")}`);
  }
  if (load.durationMs !== undefined && load.durationMs !== stagesMs(load)) {
    const most = boundedOtherwise || load.requests !== undefined ? "at most " : "";
    words.push(`${most}${formatDurationMs(load.durationMs)}`);
  }
  return words;
}

function whenInWords(load: LoadPlan): string {
  const { rps, stages, timestamps, pipeline, thinkTimeMs } = load;
  if (timestamps !== undefined) return `at the times in ${timestamps}`;
  if (stages !== undefined) return stagesInWords(rps ?? 0, stages);
  if (isOpenLoop(load)) return `${rate(rps!)} in all`;
  const behind = pipeline === 1 ? "" : `, ${pipeline} on each connection`;
  const senders = formatCounted(sendersOf(load), "sender");
  if (thinkTimeMs === 0) return `as fast as ${senders} can${behind}`;
  return `${senders}${behind} that ${sendersOf(load) === 1 ? "waits" : "wait"} ${
    formatDurationMs(thinkTimeMs)
  } between requests`;
}

function stagesInWords(startRps: number, stages: readonly Stage[]): string {
  const lasting = stages.filter(({ durationMs }) => durationMs > 0);
  if (lasting.length > MOST_STAGES_IN_WORDS) {
    const most = Math.max(startRps, ...stages.map(({ rps }) => rps));
    const sum = lasting.reduce((sum, { durationMs }) => sum + durationMs, 0);
    return `${lasting.length} stages of up to ${rate(most)} in ${formatDurationMs(sum)}`;
  }
  const words: string[] = [];
  let from = startRps;
  for (const { durationMs, rps } of stages) {
    const duration = formatDurationMs(durationMs);
    if (durationMs > 0) {
      words.push(from === rps ? `${rate(rps)} for ${duration}` : `${number(from)} → ${rate(rps)} over ${duration}`);
    }
    from = rps;
  }
  return words.join(", then ");
}

function stagesMs({ stages }: LoadPlan): number | undefined {
  return stages?.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function rate(rps: number): string {
  return `${number(rps)} rps`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

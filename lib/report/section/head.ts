// The first lines of a report: what ran, where, and how it ended.

import { formatDurationUs } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { plain } from "../foreign_text.ts";
import type { Prose, Section } from "../section.ts";
import { rateWarning } from "./accounting.ts";
import { saturationWarning } from "./generator_health.ts";
import { countsCalls } from "./ledger.ts";

/** Name, description, runtime, duration and outcome; then whatever the reader must know before the figures. */
export function headSection(result: Result): Section {
  const { plan, runtime, outcome, outcomeReason } = result;
  const description = plain(plan.description);
  const where = [
    `${runtime.name} ${plain(runtime.version)}`,
    `${plain(runtime.os)} ${plain(runtime.arch)}`,
    `${runtime.cpus} ${runtime.cpus === 1 ? "CPU" : "CPUs"}`,
    countsCalls(result) ? "the runtime's fetch" : `${runtime.socket} sockets`,
    formatDurationUs(result.durationMs * 1000),
    outcome,
    plain(result.startedAt).replace(/\.\d+Z$/, "Z"),
  ];
  const warnings: Prose[] = [...rateWarning(result), ...saturationWarning(result)];
  if (outcome !== "completed") {
    const text = `The run was ${outcome}${outcomeReason === "" ? "." : `: ${plain(outcomeReason)}`}`;
    warnings.unshift({ kind: "prose", text, tone: "caution" });
  }
  return {
    title: "",
    blocks: [
      { kind: "headline", text: plain(plan.name) || "loadgen", tone: "plain" },
      ...(description === "" ? [] : [{ kind: "prose", text: description, tone: "plain" } as const]),
      { kind: "phrases", phrases: where, tone: "faint" },
      ...warnings,
    ],
  };
}

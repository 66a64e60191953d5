// How each of several worker threads fared, one row for each, so that a slow one shows.

import { formatCount, formatDurationUs, formatPercent, NO_VALUE } from "../../core/units.ts";
import type { Result, WorkerOutcome } from "../../result/result.ts";
import type { Prose, Section } from "../section.ts";

/** A worker whose lag or loop delay is this many times the others' is slow … */
const SLOW_RATIO = 3;

/** … where it is this long at least: timers and schedulers are some ms late on a sound machine. */
const SLOW_US = 10_000;

/** And one that has completed less than this of what the others have. */
const SLOW_SHARE = 2 / 3;

/** The rows in the workers' order, and a sentence for each that lags behind the others. Undefined if there is one only. */
export function workersSection({ workers = [], durationMs }: Result): Section | undefined {
  if (workers.length === 0) return undefined;
  const rows = workers.map((worker, index) => [
    `${index + 1}`,
    ...[worker.offered, worker.completed, worker.failed].map(formatCount),
    ...[worker.responseP99Us, worker.lagP99Us, worker.loopDelayP99Us].map(formatDurationUs),
    worker.cpuUs === null || durationMs === 0 ? NO_VALUE : formatPercent(worker.cpuUs / (durationMs * 1000)),
  ]);
  const columns = ["", "offered", "done", "failed", "p99", "lag p99", "loop p99", "CPU"].map((name) => ({ name }));
  const slow = workers.flatMap((worker, index): Prose[] => {
    const why = slownessOf(worker, workers.filter((_, other) => other !== index));
    if (why === undefined) return [];
    return [{ kind: "prose", text: `Worker ${index + 1} lags behind: ${why}.`, tone: "caution" }];
  });
  return { title: "Workers", blocks: [{ kind: "table", columns, rows }, ...slow] };
}

/** By what a worker is slower than the others, each taken by their median; undefined: it is not. */
function slownessOf(worker: WorkerOutcome, others: readonly WorkerOutcome[]): string | undefined {
  const figures = [["lagP99Us", "it sent requests up to"], ["loopDelayP99Us", "its event loop ran up to"]] as const;
  for (const [field, words] of figures) {
    const usual = medianOf(others.map((other) => other[field]));
    if (worker[field] >= SLOW_US && worker[field] >= SLOW_RATIO * usual) {
      return `${words} ${formatDurationUs(worker[field])} late (p99), the others ${formatDurationUs(usual)}`;
    }
  }
  const usual = medianOf(others.map(({ completed }) => completed));
  if (worker.completed >= SLOW_SHARE * usual) return undefined;
  return `it completed ${formatCount(worker.completed)} requests, the others ${formatCount(usual)}`;
}

/** Of an even number, the lower of the two in the middle. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}

import type { Result } from "../result.ts";
import { METRICS } from "./metric.ts";

/**
 * The median of each figure over the runs that have it, by the name that rules know it by; null: none has. The medians of
 * two figures may come from two runs.
 */
export function mediansOf(runs: readonly Result[]): Record<string, number | null> {
  return Object.fromEntries(
    METRICS.map(({ name, value }) => [name, medianOf(runs.map(value).filter((figure) => figure !== null))]),
  );
}

function medianOf(figures: readonly number[]): number | null {
  const sorted = figures.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined ? null : (low + high!) / 2;
}

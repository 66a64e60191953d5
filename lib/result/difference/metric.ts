// The figures in which two runs are compared, by the names that rules know them by, and how sure one run is of each.

import type { ChangeUnit, Concern } from "../baseline_schema.ts";
import type { Result } from "../result.ts";
import { meanSpread, percentileSpread, rateSpread, shareSpread, type Spread } from "./spread.ts";

export interface Metric {
  readonly name: string;
  readonly unit: ChangeUnit;
  readonly concern: Concern;
  /** What the figure itself is in. */
  readonly figure: "us" | "perSecond" | "percent" | "bytes" | "count";
  /** Null: the run has none. */
  readonly value: (result: Result) => number | null;
  /** Undefined: the run does not tell. Memory never does: it has the floor alone. */
  readonly spread: ((result: Result) => Spread | undefined) | undefined;
  /**
   * The standard deviation between two runs of the same on a quiet machine that no run shows by itself, as a share of the
   * figure. Those of p50 and memory rest on measured runs, the others are estimates.
   */
  readonly floor: number;
  /** A percentile: the share of requests that it promises something to. */
  readonly share?: number | undefined;
}

export const METRICS: readonly Metric[] = [
  percentile("p50", 0.5, 0.02),
  percentile("p90", 0.9, 0.03),
  percentile("p99", 0.99, 0.04),
  {
    name: "mean",
    unit: "percent",
    concern: "latency",
    figure: "us",
    value: ({ latencyUs: { response } }) => response.count === 0 ? null : response.mean,
    spread: (result) => meanSpread(result, "response"),
    floor: 0.03,
  },
  {
    ...percentile("p99", 0.99, 0.04),
    name: "service.p99",
    value: ({ latencyUs: { service } }) => service.count === 0 ? null : service.p99,
    spread: (result) => percentileSpread(result, "service", 0.99),
  },
  {
    name: "errors",
    unit: "points",
    concern: "errors",
    figure: "percent",
    value: ({ requests: { failed, offered } }) => offered === 0 ? null : 100 * failed / offered,
    spread: (result) => inPercent(shareSpread(result, ({ failed }) => failed)),
    floor: 0.1,
  },
  {
    name: "rps.achieved",
    unit: "percent",
    concern: "rate",
    figure: "perSecond",
    value: ({ rps }) => rps.achieved,
    spread: rateSpread,
    floor: 0.02,
  },
  {
    name: "connections.dialedPerRequest",
    unit: "perRequest",
    concern: "connections",
    figure: "count",
    value: ({ runtime, connections: { dialed }, requests: { offered } }) =>
      offered === 0 || runtime.socket === "fetch" ? null : dialed / offered,
    spread: (result) => shareSpread(result, ({ dialed }) => dialed),
    floor: 0.1,
  },
  memory("rss.end", "end"),
  memory("rss.peak", "peak"),
];

function percentile(name: "p50" | "p90" | "p99", share: number, floor: number): Metric {
  return {
    name,
    unit: "percent",
    concern: "latency",
    figure: "us",
    value: ({ latencyUs: { response } }) => response.count === 0 ? null : response[name],
    spread: (result) => percentileSpread(result, "response", share),
    floor,
    share,
  };
}

function memory(name: string, field: "end" | "peak"): Metric {
  return {
    name,
    unit: "percent",
    concern: "memory",
    figure: "bytes",
    value: ({ memory: { rssBytes } }) => rssBytes[field],
    spread: undefined,
    floor: 0.06,
  };
}

function inPercent(spread: Spread | undefined): Spread | undefined {
  return spread && { ...spread, chance: 100 ** 2 * spread.chance, slow: 100 ** 2 * spread.slow };
}

/** The metric of a name; undefined: there is none. */
export function metricNamed(name: string): Metric | undefined {
  return METRICS.find((metric) => metric.name === name);
}

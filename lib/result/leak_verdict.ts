// Do connections or memory leak, and why: from the slopes over the run and from the census at its end.

import { formatBytes, formatCount, formatCounted, formatSlope } from "../core/units.ts";
import type { Measurement } from "../load/measurement.ts";
import { rssBytesPerHeld } from "./held_cost.ts";
import type { Result } from "./result.ts";

/** Connections leak if at least one more stays open for every hundred requests, surely … */
const LEAKING_CONNECTIONS_PER_REQUEST = 0.01;

/** … and this many more are open than at first, and as many in use: a pool that fills with idle ones is no leak. */
const LEAST_CONNECTIONS = 8;

/** Memory leaks if each request leaves this much, surely … */
const LEAKING_BYTES_PER_REQUEST = 256;

/** … and enough of it in all: a heap that has not yet seen its collections grows by tens of MiB. */
const LEAST_BYTES = 64 * 1024 * 1024;

const NOTHING_COMPLETED = "no request completed, so nothing can be said of leaks.";

type LeakFacts = Pick<
  Measurement,
  "socket" | "census" | "live" | "rssBytes" | "requests" | "connectionsPerRequest" | "rssBytesPerRequest"
>;

/** The verdict with its reason in one sentence, the slopes beside it. */
export function judgeLeak(run: LeakFacts): Result["leak"] {
  const connections = run.connectionsPerRequest;
  const rss = run.rssBytesPerRequest;
  return {
    ...decide(run),
    connectionsPerRequest: connections === undefined ? null : rounded(connections, 4),
    rssBytesPerRequest: rss === undefined ? null : rounded(rss, 1),
  };
}

function decide(run: LeakFacts): Pick<Result["leak"], "verdict" | "reason"> {
  if (run.socket === "fetch") return decideOnCalls(run);
  const { census, live, requests } = run;
  const connections = run.connectionsPerRequest;
  const held = census.readLoops["awaitingBodyRead"] ?? 0;
  const mechanism = describeHeld(run, held);
  if (
    connections !== undefined && connections.low >= LEAKING_CONNECTIONS_PER_REQUEST &&
    live.end - live.start >= LEAST_CONNECTIONS && census.inUse >= LEAST_CONNECTIONS
  ) {
    const slope = `connections leak: ${formatSlope(connections.slope)} more stay open with each request, ` +
      `${formatCount(live.end)} after ${formatCount(requests.completed)}`;
    return { verdict: "leaking", reason: mechanism === "" ? `${slope}.` : `${slope}. ${mechanism}` };
  }
  // a limit on connections hides the slope, and so does a run that is too short for one
  if (held >= LEAST_CONNECTIONS && held >= live.end / 2) {
    const limited = census.waiting > 0;
    const wait = limited ? ` ${formatCount(census.waiting)} requests wait for a connection.` : "";
    return {
      verdict: "leaking",
      reason: `connections leak${limited ? " up to their limit" : ""}. ${mechanism}${wait}`,
    };
  }
  const growth = memoryGrowth(run);
  if (growth !== undefined) return { verdict: "leaking", reason: `${growth}, while connections do not.` };
  if (connections === undefined || requests.completed === 0) {
    return {
      verdict: "inconclusive",
      reason: requests.completed === 0
        ? NOTHING_COMPLETED
        : "the run was too short to tell: a slope needs more than half a second of samples.",
    };
  }
  const reason = `nothing leaks: ${formatCounted(live.end, "connection")} at the end, ` +
    `${formatCounted(census.totals.dialed, "dial")} for ${formatCounted(requests.completed, "request")}.`;
  return { verdict: "clean", reason };
}

/** A `fetch` tells of no connection. What can be seen is bodies that were neither read to their end nor given up. */
function decideOnCalls(run: LeakFacts): Pick<Result["leak"], "verdict" | "reason"> {
  const { requests: { completed } } = run;
  const held = run.census.readLoops["awaitingBodyRead"] ?? 0;
  if (held >= LEAST_CONNECTIONS) {
    const reason =
      `bodies leak: ${formatCount(held)} of ${formatCounted(completed, "response")} are neither read nor ` +
      `cancelled${costOf(run)}: read each body to its end, or cancel it.`;
    return { verdict: "leaking", reason };
  }
  const growth = memoryGrowth(run);
  if (growth !== undefined) return { verdict: "leaking", reason: `${growth}, while no body is held.` };
  if (completed === 0) return { verdict: "inconclusive", reason: NOTHING_COMPLETED };
  return {
    verdict: "clean",
    reason: `no body leaks: ${formatCount(held)} held after ${formatCounted(completed, "request")}.`,
  };
}

/** Undefined: it does not grow, or not surely. */
function memoryGrowth({ rssBytesPerRequest: rss, rssBytes }: LeakFacts): string | undefined {
  const grown = rssBytes.end - rssBytes.start;
  if (rss === undefined || rss.low < LEAKING_BYTES_PER_REQUEST || grown < LEAST_BYTES) return undefined;
  return `memory grows by ${formatBytes(rss.slope)} with each request (${formatBytes(grown)} in all)`;
}

/** Why connections stay: what their read loops wait for, and what that costs. */
function describeHeld(run: LeakFacts, held: number): string {
  if (held === 0) return "";
  return `The read loops of ${formatCount(held)} connections wait for bodies that nobody reads or closes ` +
    `(awaitingBodyRead)${costOf(run)}: read each body to its end, or close it.`;
}

function costOf(run: LeakFacts): string {
  const each = rssBytesPerHeld(run) ?? 0;
  return each > 0 ? ` at ${formatBytes(each)} of memory each` : "";
}

function rounded<T extends { slope: number; low: number; high: number }>(slope: T, digits: number): T {
  const round = (value: number) => Number(value.toFixed(digits));
  return { ...slope, slope: round(slope.slope), low: round(slope.low), high: round(slope.high) };
}

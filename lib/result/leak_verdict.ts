// Do connections or memory leak, and why: from the slopes over the run and from the census at its end.

import { formatBytes, formatCount, formatSlope } from "../core/units.ts";
import type { Measurement } from "../load/measurement.ts";
import { rssBytesPerHeld } from "./held_cost.ts";
import type { Result } from "./result.ts";

/** Connections leak where at least one more stays open for every hundred requests, surely. */
const LEAKING_CONNECTIONS_PER_REQUEST = 0.01;

/** And at least this many more are open than at first, and as many in use: a pool that fills with idle ones is no leak. */
const LEAST_CONNECTIONS = 8;

/** Memory leaks where each request leaves this much, surely … */
const LEAKING_BYTES_PER_REQUEST = 256;

/** … and enough of it in all: a heap that has not yet seen its collections grows by tens of MiB. */
const LEAST_BYTES = 64 * 1024 * 1024;

type LeakFacts = Pick<
  Measurement,
  "census" | "live" | "rssBytes" | "requests" | "connectionsPerRequest" | "rssBytesPerRequest"
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
  const { census, live, rssBytes, requests } = run;
  const connections = run.connectionsPerRequest;
  const rss = run.rssBytesPerRequest;
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
  if (
    rss !== undefined && rss.low >= LEAKING_BYTES_PER_REQUEST && rssBytes.end - rssBytes.start >= LEAST_BYTES
  ) {
    return {
      verdict: "leaking",
      reason: `memory grows by ${formatBytes(rss.slope)} with each request (${
        formatBytes(rssBytes.end - rssBytes.start)
      } in all), while connections do not.`,
    };
  }
  if (connections === undefined || requests.completed === 0) {
    return {
      verdict: "inconclusive",
      reason: requests.completed === 0
        ? "no request completed, so nothing can be said of leaks."
        : "the run was too short to tell: a slope needs more than half a second of samples.",
    };
  }
  const reason = `nothing leaks: ${counted(live.end, "connection")} at the end, ` +
    `${counted(census.totals.dialed, "dial")} for ${counted(requests.completed, "request")}.`;
  return { verdict: "clean", reason };
}

/** Why connections stay: what their read loops wait for, and what that costs. */
function describeHeld(run: LeakFacts, held: number): string {
  if (held === 0) return "";
  const each = rssBytesPerHeld(run) ?? 0;
  const cost = each > 0 ? ` at ${formatBytes(each)} of memory each` : "";
  return `The read loops of ${formatCount(held)} connections wait for bodies that nobody reads or closes ` +
    `(awaitingBodyRead)${cost}: read each body to its end, or close it.`;
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function rounded<T extends { slope: number; low: number; high: number }>(slope: T, digits: number): T {
  const round = (value: number) => Number(value.toFixed(digits));
  return { ...slope, slope: round(slope.slope), low: round(slope.low), high: round(slope.high) };
}

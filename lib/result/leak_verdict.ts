// Does the client leak, and what: bodies that it holds, counted exactly, and else memory that surely grows. A connection
// that waits for a slow server is no leak, and neither is a pool that fills.

import { formatBytes, formatCount, formatCounted, formatSeconds, formatSlope } from "../core/units.ts";
import type { Measurement, SocketCount } from "../load/measurement.ts";
import { binomialInterval } from "../record/statistics/binomial_interval.ts";
import type { Slope } from "../record/statistics/slope.ts";
import { rssBytesPerHeld } from "./held_cost.ts";
import type { Result } from "./result.ts";

/** Memory grows if each request leaves this much, surely, over the run and in its last two fifths … */
const GROWING_BYTES_PER_REQUEST = 256;

/** … where it still grows at this share of the run's slope or more: what only warms up slows down … */
const LATE_SHARE_OF_SLOPE = 2 / 3;

/** … and enough of it in all: a heap that has not yet seen its collections grows by tens of MiB. */
const LEAST_BYTES = 64 * 1024 * 1024;

/** What an open connection or a request without an answer may take: TLS and the socket's buffers are most of it. */
const BYTES_PER_OPEN = 128 * 1024;

/** A pool moves by some connections in any run; more than this has its reason beside the verdict. */
const FEW_CONNECTIONS = 8;

/** … and so has a rise of memory by more than this. */
const FEW_BYTES = 16 * 1024 * 1024;

/** One of the plan's requests, and how many bodies of it are held. */
export interface HeldRequest {
  readonly name: string;
  readonly held: number;
}

type Facts = "socket" | "census" | "live" | "requests" | "slopes" | "rssBytes" | "settled" | "sockets";

/** What the verdict rests on. What is open is as it was once the run had settled, where it did. `byRequest`: the plan's requests in their order. */
export interface LeakFacts extends Pick<Measurement, Facts> {
  readonly heldBodies: number;
  readonly byRequest: readonly HeldRequest[];
}

type Leak = Result["leak"];
type Decision = Pick<Leak, "verdict" | "kind" | "where" | "reason">;

/** The verdict with its reason in one sentence, and the figures that it rests on. */
export function judgeLeak(run: LeakFacts): Leak {
  const { connectionsPerRequest: connections, rssBytesPerRequest: rss } = run.slopes;
  const held = heldPerRequest(run);
  const perHeld = rssBytesPerHeld(run, held);
  return {
    ...decide(run, held, perHeld),
    heldBodies: run.heldBodies,
    heldPerRequest: held,
    byRequest: run.byRequest.filter(({ held }) => held > 0),
    connectionsPerRequest: connections === undefined ? null : rounded(connections, 4),
    rssBytesPerRequest: rss === undefined ? null : rounded(rss, 1),
    rssBytesPerHeld: perHeld === undefined ? null : rounded(perHeld, 0),
  };
}

/** Of the requests that were answered; null if none was. */
function heldPerRequest(run: LeakFacts): Slope | null {
  const answered = answeredOf(run);
  if (answered === 0) return null;
  // what a warm-up left is held, and is of no counted request
  const held = Math.min(answered, heldOfRun(run));
  const { low, high } = binomialInterval(held, answered);
  return { slope: significant(held / answered), low: significant(low), high: significant(high) };
}

function decide(run: LeakFacts, rate: Slope | null, perHeld: Slope | undefined): Decision {
  if (run.heldBodies > 0) {
    return { verdict: "leaking", kind: "bodies", where: "client", reason: heldReason(run, rate, perHeld) };
  }
  const unknown = unknownSockets(run);
  if (unknown >= FEW_CONNECTIONS) {
    const reason =
      `connections leak in the client: ${formatSeconds(run.settled!.durationMs / 1000)} after the load the ` +
      `kernel counts ${formatCount(unknown)} sockets to the target that the pool does not know.`;
    return { verdict: "leaking", kind: "connections", where: "client", reason };
  }
  const answered = answeredOf(run);
  if (answered === 0) {
    return inconclusive(
      "no request was answered, so nothing can be said of leaks. The errors say why: run it again once the server answers.",
    );
  }
  const none = `no body is held after ${formatCounted(answered, "answered request")}`;
  const { rssBytesPerRequest: rss, lateRssBytesPerRequest: late } = run.slopes;
  if (rss === undefined) {
    return inconclusive(
      `${none}, but the run was too short to say anything of memory. A run of two seconds or more would tell.`,
    );
  }
  const steady = rss.low >= GROWING_BYTES_PER_REQUEST && late !== undefined &&
    late.low >= GROWING_BYTES_PER_REQUEST / 2 && late.slope >= LATE_SHARE_OF_SLOPE * rss.slope;
  const change = rssChange(run);
  const unexplained = change - openAtEnd(run) * BYTES_PER_OPEN;
  const rise = `${formatBytes(rss.slope)} with each request (95 % interval ${formatInterval(rss, formatBytes)}), ` +
    `${formatBytes(change)} after the run's first fifth` +
    (run.settled === undefined ? "" : ", what a collection gave back left out");
  if (steady && unexplained >= LEAST_BYTES) {
    return {
      verdict: "growing",
      kind: "memory",
      where: "client",
      reason: `memory grows in the client by ${rise}, and nothing that is held explains it: ${none}. ` +
        (run.settled === undefined
          ? "A longer run with --settle 5s tells whether a collection gives it back."
          : "A heap snapshot tells what holds it."),
    };
  }
  if (steady && unexplained >= LEAST_BYTES / 2) {
    return inconclusive(
      `${none}, but memory rises by ${rise}: too little to tell a leak from a heap that fills. A run of twice the length would tell.`,
    );
  }
  const details = [describeConnections(run), describeMemory(run)].filter((detail) => detail !== "");
  return { verdict: "clean", kind: null, where: null, reason: [`nothing leaks: ${none}`, ...details].join("; ") + "." };
}

function inconclusive(reason: string): Decision {
  return { verdict: "inconclusive", kind: null, where: null, reason };
}

/** Which requests hold how many bodies, what that does, and what ends it. */
function heldReason(run: LeakFacts, rate: Slope | null, perHeld: Slope | undefined): string {
  const { census, byRequest } = run;
  const held = heldOfRun(run);
  const answered = answeredOf(run);
  const [read, close] = run.socket === "fetch" ? ["read", "cancelled"] : ["read to their end", "closed"];
  const ofRun = rate === null || held === 0 ? "" : `: ${formatCount(held)} of ${formatCounted(answered, "answer")} ` +
    `${held === 1 ? "is" : "are"} neither ${read} nor ${close}, ${formatSlope(rate.slope)} per request ` +
    `(95 % interval ${formatInterval(rate, formatSlope)})${whose(byRequest)}`;
  const before = run.heldBodies - held;
  const aside = before <= 0
    ? ""
    : held === 0
    ? `: ${formatCounted(before, "body", "bodies")} of the load around the run ${before === 1 ? "is" : "are"} held`
    : `, and ${formatCount(before)} of the load around the run`;
  const cost = perHeld === undefined
    ? ""
    : `, at ${formatBytes(perHeld.slope)} of memory each (95 % interval ${formatInterval(perHeld, formatBytes)})`;
  const mechanism = run.socket === "fetch"
    ? ""
    : ` Each keeps its connection from the pool (its read loop is awaitingBodyRead)${cost}` +
      (census.waiting > 0
        ? `, and ${formatCounted(census.waiting, "request")} ${census.waiting === 1 ? "waits" : "wait"} for one`
        : "") +
      ".";
  const remedy = ` Read each body to its end, or ${run.socket === "fetch" ? "cancel" : "close"} it.`;
  return `bodies leak in the client${ofRun}${aside}.${mechanism}${remedy}`;
}

/** The requests behind the held bodies, if the plan has several. */
function whose(byRequest: readonly HeldRequest[]): string {
  if (byRequest.length < 2) return "";
  const holders = byRequest.filter(({ held }) => held > 0).toSorted((a, b) => b.held - a.held);
  if (holders.length === 1) return `, all of them "${holders[0]!.name}"`;
  const named = holders.slice(0, 3).map(({ name, held }) => `${formatCount(held)} of "${name}"`);
  const others = holders.length - named.length;
  return `, ${named.join(", ")}${others === 0 ? "" : ` and ${formatCounted(others, "other request")}`}`;
}

/** Why connections rose without a leak; how many there are, if they did not. */
function describeConnections(run: LeakFacts): string {
  const { socket, census, live, slopes } = run;
  if (socket === "fetch") return "";
  const rose = `connections rose to ${formatCount(live.end)}`;
  const grown = live.end - live.start >= FEW_CONNECTIONS;
  const waiting = unanswered(run);
  if (grown && waiting >= FEW_CONNECTIONS && waiting >= live.end / 2) {
    return `${rose} because ${formatCounted(waiting, "request")} wait for the server's answer: ` +
      "a slow server or a rising rate, no leak";
  }
  const { idle, inUse, totals } = census;
  const climbs = (slopes.connectionsPerRequest?.low ?? 0) > 0;
  if (grown && climbs && idle >= inUse) return `${rose} because the pool filled: ${formatCount(idle)} of them are idle`;
  return `${formatCounted(live.end, "connection")} at the end, ${formatCounted(totals.dialed, "dial")}`;
}

/** Why memory rose without being called a leak; empty if it did not, surely. */
function describeMemory(run: LeakFacts): string {
  const { rssBytesPerRequest: rss } = run.slopes;
  const change = rssChange(run);
  if (rss === undefined || rss.low <= 0 || change < FEW_BYTES) return "";
  const rose = `memory rose by ${formatBytes(change)} after the run's first fifth`;
  const open = openAtEnd(run);
  return open * BYTES_PER_OPEN >= change / 2
    ? `${rose}, with ${
      formatCounted(open, "connection or unanswered request", "connections or unanswered requests")
    } at its end`
    : `${rose}, not steadily or too little to tell from a heap that fills`;
}

/** Connections and requests that may have memory of their own. */
function openAtEnd(run: LeakFacts): number {
  const { live, dialing, waiting } = run.census;
  return Math.max(live + dialing + waiting, unanswered(run));
}

/** Requests that were still without an answer: of the run at its end, or of whatever was sent, once it had settled. */
function unanswered({ requests, census, settled, heldBodies }: LeakFacts): number {
  if (settled === undefined) return requests.inFlight + requests.unsent;
  return Math.max(0, census.inUse - heldBodies) + census.waiting;
}

/** By how much memory rose after the run's start-up, less what settling gave back. */
function rssChange({ slopes, rssBytes, settled }: LeakFacts): number {
  const { rssBytes: left } = settled?.process ?? { rssBytes: rssBytes.end };
  return slopes.rssBytesChange - Math.max(0, rssBytes.end - left);
}

/** Sockets to the target that the kernel counts and the pool does not, once nothing opens or closes any more. */
function unknownSockets({ sockets }: LeakFacts): number {
  if (sockets?.settled?.live === undefined) return 0;
  const unknown = ({ kernel, live = 0, dialing = 0 }: SocketCount) => kernel - live - dialing;
  return unknown(sockets.settled) - Math.max(0, unknown(sockets.start));
}

function heldOfRun({ byRequest }: LeakFacts): number {
  return byRequest.reduce((sum, { held }) => sum + held, 0);
}

function answeredOf({ requests: { byStatus } }: LeakFacts): number {
  return Object.values(byStatus).reduce((sum, count) => sum + count, 0);
}

function formatInterval({ low, high }: Slope, format: (value: number) => string): string {
  return `${format(low)} … ${format(high)}`;
}

function rounded(slope: Slope, digits: number): Slope {
  const round = (value: number) => Number(value.toFixed(digits));
  return { slope: round(slope.slope), low: round(slope.low), high: round(slope.high) };
}

function significant(share: number): number {
  return Number(share.toPrecision(4));
}

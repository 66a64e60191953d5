// The ledger of connections, and the census of their loops: this project's goroutine profile.

import { formatCount, formatCounted } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import type { Fact, Prose, Section } from "../section.ts";
import { byCount } from "./accounting.ts";

/** What a connection's loop in that state is about. A state without an entry is shown by its name alone. */
export const LOOP_MEANINGS: Readonly<Record<string, string>> = {
  idle: "in the pool",
  awaitingHead: "request handed over, response not begun",
  awaitingBodyRead: "body neither read nor closed",
  readingBody: "body on its way to its reader",
  draining: "body closed early, its short rest is thrown away",
  awaitingWrite: "response ended before its request was written",
  awaitingRequest: "nothing to write",
  awaitingFirstByte: "looking whether the request has a body",
  awaitingContinue: "waiting for 100 (Continue) to send the body",
  awaitingBody: "waiting for the request's own body",
  writing: "request being written",
};

/** A `fetch` tells of no connection: its calls are counted, those under way and those whose body is held. */
export function countsCalls({ runtime }: Result): boolean {
  return runtime.socket === "fetch";
}

/** Dials, reuses, live connections and closes, then which state the loops were in at the end. */
export function connectionsSection(result: Result): Section {
  if (countsCalls(result)) return callsSection(result);
  const { dialed, reused, live, waiting, closed, readLoops, writeLoops } = result.connections;
  const sent = dialed + reused;
  const closes = byCount(closed);
  const facts: Fact[] = [
    { name: "dialed", figure: formatCount(dialed), details: dialed === 0 ? [] : [dialWords(result)] },
    { name: "reused", figure: formatCount(reused), details: sent === 0 ? [] : ["requests on a kept connection"] },
    { name: "live", figure: formatCount(live.end), details: ["at the end", ...startAndPeak(live)] },
    { name: "waiting", figure: formatCount(waiting.end), details: ["requests at the end", ...startAndPeak(waiting)] },
    {
      name: "closed",
      figure: formatCount(closes.reduce((sum, [, count]) => sum + count, 0)),
      details: closes.map(([reason, count]) => `${reason}: ${formatCount(count)}`),
    },
    ...socketFact(result),
    ...loopFacts("read loops", readLoops),
    ...loopFacts("write loops", writeLoops),
  ];
  return { title: "Connections", blocks: [{ kind: "facts", facts }, ...strangers(result)] };
}

function callsSection(result: Result): Section {
  const { live, readLoops } = result.connections;
  const open = { name: "open", figure: formatCount(live.end), details: ["at the end", ...startAndPeak(live)] };
  const facts = [open, ...socketFact(result), ...loopFacts("states", readLoops)];
  return { title: "Calls", blocks: [{ kind: "facts", facts }] };
}

/** As the kernel counts them. */
function socketFact({ connections: { sockets } }: Result): Fact[] {
  if (sockets === undefined) return [];
  const { start, end, settled } = sockets;
  const details = [
    "to the target at the end, as the kernel counts",
    `${formatCount(start.kernel)} at the start`,
    ...(settled === undefined ? [] : [`${formatCount(settled.kernel)} after settling`]),
  ];
  return [{ name: "sockets", figure: formatCount(end.kernel), details }];
}

/** Where kernel and pool differ: sockets that the pool does not know of, and connections that are gone without its knowing. */
function strangers({ connections: { sockets } }: Result): Prose[] {
  if (sockets === undefined) return [];
  return (["end", "settled"] as const).flatMap((when) => {
    const { kernel, live, dialing } = sockets[when] ?? { kernel: 0 };
    if (live === undefined || dialing === undefined) return [];
    const before = sockets.start.kernel - (sockets.start.live ?? 0) - (sockets.start.dialing ?? 0);
    const at = when === "end" ? "At the end" : "After settling";
    const unknown = kernel - live - dialing - Math.max(0, before); // what the program had open before is not the pool's
    const gone = live - kernel;
    if (unknown <= 0 && gone <= 0) return [];
    const text = unknown > 0
      ? `${at} the kernel counts ${formatCounted(unknown, "socket")} that the pool does not know.`
      : `${at} the pool counts ${formatCounted(gone, "connection")} that the kernel does not know.`;
    return [{ kind: "prose", text, tone: "caution" }];
  });
}

function dialWords({ connections, requests }: Result): string {
  const perDial = requests.offered / connections.dialed;
  if (perDial < 1.5) return "about one for every request";
  return `one for every ${formatCount(perDial)} requests`;
}

function startAndPeak(range: { readonly start: number; readonly peak: number }): string[] {
  return [`${formatCount(range.start)} at the start`, `${formatCount(range.peak)} at the peak`];
}

/** One line for each state that any loop is in. */
export function loopFacts(name: string, loops: Readonly<Record<string, number>>): Fact[] {
  const states = byCount(loops);
  if (states.length === 0) return [{ name, figure: "0" }];
  return states.map(([state, count], row) => {
    const meaning = Object.hasOwn(LOOP_MEANINGS, state) ? LOOP_MEANINGS[state] : undefined; // a file names the states
    const details = [meaning === undefined ? state : `${state}: ${meaning}`];
    const tone = state === "awaitingBodyRead" ? "caution" : "strong";
    return { name: row === 0 ? name : "", figure: formatCount(count), details, tone };
  });
}

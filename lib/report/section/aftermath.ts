// What was left once nothing had been sent for a while: connections, bodies, and the memory that came back or did not.

import { formatBytes, formatCount, formatSeconds } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import type { Fact, Section } from "../section.ts";
import { countsCalls, loopFacts } from "./ledger.ts";

/** Undefined: the run was not to settle. */
export function aftermathSection(result: Result): Section | undefined {
  const { settle, memory } = result;
  if (settle === undefined) return undefined;
  const { durationMs, live, inUse, idle, heldBodies, readLoops, rssBytes, heapBytes, externalBytes } = settle;
  const waited = `${formatSeconds(durationMs / 1000)} after the load`;
  const calls = countsCalls(result);
  const facts: Fact[] = [
    {
      name: calls ? "open" : "live",
      figure: formatCount(live),
      details: calls ? [waited] : [waited, `${formatCount(inUse)} in use`, `${formatCount(idle)} idle`],
    },
    {
      name: "held bodies",
      figure: formatCount(heldBodies),
      details: heldBodies === 0 ? [] : ["neither read nor closed"],
      tone: heldBodies === 0 ? "strong" : "caution",
    },
    ...loopFacts(calls ? "states" : "read loops", readLoops),
    sizeFact("RSS", rssBytes, memory.rssBytes.end, "after a collection of garbage"),
    sizeFact("heap", heapBytes, memory.heapBytes.end),
    sizeFact("external", externalBytes, memory.externalBytes.end),
  ];
  return { title: "After settling", blocks: [{ kind: "facts", facts }] };
}

function sizeFact(name: string, now: number, atEnd: number, ...more: string[]): Fact {
  const less = now <= atEnd;
  const change = now === atEnd
    ? "as much as at the end of the load"
    : `${formatBytes(Math.abs(atEnd - now))} ${less ? "less" : "more"} than at the end of the load`;
  return { name, figure: formatBytes(now), details: [...more, change] };
}

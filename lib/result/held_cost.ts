import type { Measurement } from "../load/measurement.ts";

/** Below this many connections per request something else than the held bodies moves the two slopes. */
const HELD_PER_REQUEST = 0.5;

/**
 * What each held body costs in memory: the slope of RSS over that of connections, so that what the process needs once
 * (compiled code, the heap's first growth) is not counted as theirs. Without such slopes, it is the growth from start to
 * end over the held bodies. Null if none is held.
 */
export function rssBytesPerHeld(
  run: Pick<Measurement, "census" | "rssBytes" | "connectionsPerRequest" | "rssBytesPerRequest">,
): number | null {
  const held = run.census.readLoops["awaitingBodyRead"] ?? 0;
  if (held === 0) return null;
  const { connectionsPerRequest: connections, rssBytesPerRequest: rss } = run;
  if (connections !== undefined && rss !== undefined && connections.low >= HELD_PER_REQUEST && rss.slope > 0) {
    return Math.round(rss.slope / connections.slope);
  }
  return Math.round((run.rssBytes.end - run.rssBytes.start) / held);
}

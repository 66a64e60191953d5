// What happens to connections when nobody closes the bodies, said in words that the figures of two runs decide.

import { formatBytes, formatCount, formatCounted } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import type { LabelledResult } from "./labelled_result.ts";

/** A connection for nearly every request: a few may have found one that was dialed and not needed. */
const EACH_DIALS = 0.9;

/** What the first run needed, and what the second one did otherwise: one or two sentences, whatever came out. */
export function explainDifference(first: LabelledResult, second: LabelledResult): string {
  return `With ${first.label}, ${served(first.result)}. With ${second.label}, ${changed(first.result, second.result)}.`;
}

function served({ connections, requests }: Result): string {
  if (requests.completed === 0) return "no request completed";
  return `${formatCounted(connections.dialed, "connection")} served ${formatCounted(requests.completed, "request")}`;
}

function changed(first: Result, second: Result): string {
  const { connections, requests } = second;
  const held = connections.readLoops["awaitingBodyRead"] ?? 0;
  if (requests.completed === 0) return `no request completed${waitingWords(second)}`;
  if (held === 0) {
    const same = first.requests.completed > 0 && connections.dialed <= 2 * Math.max(1, first.connections.dialed);
    return `${served(second)}${same ? " as well" : ""}: no body was held${waitingWords(second)}`;
  }
  const each = connections.dialed >= EACH_DIALS * requests.completed;
  const what = each
    ? "each request dialed a connection of its own that stayed"
    : `${formatCounted(connections.dialed, "connection")} were dialed for ${
      formatCounted(requests.completed, "request")
    }, and stayed`;
  const figures = [`${formatCount(connections.live.end)} live`, ...memoryWords(second)].join(", ");
  return `${what}: ${figures}, because the read loop of each waits for a body nobody reads${waitingWords(second)}`;
}

/** `+14 MiB, 5.8 KiB each`; nothing where memory did not grow. */
function memoryWords({ memory }: Result): string[] {
  const growth = memory.rssBytes.end - memory.rssBytes.start;
  if (growth <= 0) return [];
  const each = memory.rssBytesPerHeld !== null && memory.rssBytesPerHeld > 0
    ? [`${formatBytes(memory.rssBytesPerHeld)} each`]
    : [];
  return [`+${formatBytes(growth)}`, ...each];
}

function waitingWords({ connections }: Result): string {
  const waiting = connections.waiting.end;
  return waiting === 0 ? "" : `, and ${formatCounted(waiting, "request")} waited for a connection in vain`;
}

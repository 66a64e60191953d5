// What a trace is told of the connection that its request goes out on. One object serves all requests of a kind, since
// most have no trace: only a known idle time takes an object of its own.

import type { GotConnInfo } from "../trace.ts";

/** Opened for this request. */
export const FRESH: GotConnInfo = { reused: false, wasIdle: false, idleTimeMs: 0 };

/** It came from another request, or carries others at the same time. */
export const HANDED_OVER: GotConnInfo = { reused: true, wasIdle: false, idleTimeMs: 0 };

/** Nobody wants to know for how long, or nobody knows. */
export const WAS_IDLE: GotConnInfo = { reused: true, wasIdle: true, idleTimeMs: 0 };

export function idleFor(idleTimeMs: number): GotConnInfo {
  return { reused: true, wasIdle: true, idleTimeMs };
}

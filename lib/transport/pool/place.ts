// Where a connection stands: in exactly one of these places, and only the pool moves it.
//
//   inUse   it was dialed just now, or a request is on it; handed from one request to the next it stays here
//   idle    kept by the pool for the next request
//   closed  gone, or the caller's own after a 101

import { moves } from "../loop_census.ts";

export const IN_USE = 0;
export const IDLE = 1;
export const CLOSED = 2;

export const PLACES: readonly string[] = ["inUse", "idle", "closed"];

/** The transition table. */
export const PLACE_MOVES: readonly number[] = moves({
  [IN_USE]: [IN_USE, IDLE, CLOSED],
  [IDLE]: [IN_USE, CLOSED],
}, PLACES.length);

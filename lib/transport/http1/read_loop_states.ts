// The states of a read loop, and the moves between them.

import { moves } from "../loop_census.ts";

export const IDLE = 0;
export const AWAITING_HEAD = 1;
export const AWAITING_BODY_READ = 2;
export const READING_BODY = 3;
export const DRAINING = 4;
export const AWAITING_WRITE = 5;
export const CLOSED = 6;

export const READ_LOOP_STATES: readonly string[] = [
  "idle",
  "awaitingHead",
  "awaitingBodyRead",
  "readingBody",
  "draining",
  "awaitingWrite",
  "closed",
];

/** The transition table. */
export const READ_LOOP_MOVES: readonly number[] = moves({
  [IDLE]: [AWAITING_HEAD, CLOSED],
  [AWAITING_HEAD]: [AWAITING_BODY_READ, AWAITING_WRITE, IDLE, CLOSED],
  [AWAITING_BODY_READ]: [READING_BODY, DRAINING, AWAITING_WRITE, IDLE, CLOSED],
  [READING_BODY]: [AWAITING_BODY_READ, DRAINING, AWAITING_WRITE, IDLE, CLOSED],
  [DRAINING]: [AWAITING_WRITE, IDLE, CLOSED],
  [AWAITING_WRITE]: [IDLE, CLOSED],
}, READ_LOOP_STATES.length);

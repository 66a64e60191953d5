// How the bytes of a response reach, or do not reach, their reader: the first of a read loop's two machines. What
// becomes of the connection is the second's (keep_alive.ts).
//
//   atRest             no response is awaited, or its last byte was handed over
//   awaitingFirstByte  a request was handed over, and nothing of its response is here
//   readingHead        the first byte of the response is here, its head is not yet whole
//   awaitingBodyRead   the head was delivered; nobody reads the body: the socket is paused, the server feels it.
//                      A body neither read nor closed stays here, with its connection, until cancelled: the leak
//   readingBody        the body flows to its reader
//   draining           the reader closed early; a short rest is thrown away, so that the connection can be kept
//   holdingHead        the response is whole and has no body; its head is delivered after the connection's fate is decided
//   closed             the connection is gone
//
// A head is delivered before its body, and whoever has it says what is to happen: `read` and `hold` turn the flow on
// and off, `giveUp` ends the exchange and leaves the rest to the loop. `end` comes with the last byte, asked for or not.

import { READ_LOOP_STATES } from "./read_loop_states.ts";
import { StateTable } from "./state_machine.ts";

/** The transition table. */
export const BODY_FLOW = new StateTable("body flow", {
  atRest: { request: "awaitingFirstByte", close: "closed" },
  awaitingFirstByte: { firstByte: "readingHead", close: "closed" },
  readingHead: { body: "awaitingBodyRead", noBody: "holdingHead", close: "closed" },
  awaitingBodyRead: { read: "readingBody", giveUp: "draining", end: "atRest", close: "closed" },
  readingBody: { hold: "awaitingBodyRead", giveUp: "draining", end: "atRest", close: "closed" },
  draining: { end: "atRest", close: "closed" },
  holdingHead: { end: "atRest", close: "closed" },
  closed: {},
}, {
  awaitingFirstByte: "awaitingHead",
  readingHead: "awaitingHead",
  awaitingBodyRead: "awaitingBodyRead",
  readingBody: "readingBody",
  draining: "draining",
}, READ_LOOP_STATES);

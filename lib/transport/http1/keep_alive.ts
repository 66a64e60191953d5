// What becomes of a connection when its response ends: the second of a read loop's two machines. How the response's
// bytes reach their reader is the first's (body_flow.ts).
//
//   idle           in the pool; a read is armed, so that the server's FIN or an unasked byte is seen at once
//   keeping        a response is awaited or under way, and nothing known speaks against keeping the connection after it
//   closing        the request or the head said close: the connection goes with the response, and no rest is drained
//   cutOff         nothing comes any more: the server said FIN, or the connection breaks and what is here is the last
//   awaitingWrite  the response ended before its request was written; for 50 ms at most
//   closed         the connection is gone
//
// Where the next request was written behind this one, its response follows at once: from `keeping` to `keeping`, without
// being idle between them. Else a connection that is kept goes to the pool, and what is not kept closes.

import { READ_LOOP_STATES } from "./read_loop_states.ts";
import { StateTable } from "./state_machine.ts";

/** The transition table. */
export const KEEP_ALIVE = new StateTable("keep-alive", {
  idle: { request: "keeping", lastRequest: "closing", close: "closed" },
  keeping: {
    request: "keeping",
    lastRequest: "closing",
    closeSaid: "closing",
    eof: "cutOff",
    earlyEnd: "awaitingWrite",
    pool: "idle",
    close: "closed",
  },
  closing: { closeSaid: "closing", eof: "closing", close: "closed" },
  cutOff: { closeSaid: "closing", eof: "cutOff", close: "closed" },
  awaitingWrite: { request: "keeping", lastRequest: "closing", eof: "cutOff", pool: "idle", close: "closed" },
  closed: {},
}, {
  idle: "idle",
  awaitingWrite: "awaitingWrite",
}, READ_LOOP_STATES);

// The write loop of one connection.
//
//   awaitingRequest  nothing to write
//   writing          the socket took all it could; the rest follows its drain
//   closed           the connection is gone
//
// A request that the socket takes whole never leaves awaitingRequest: there is no moment at which anybody could see it
// elsewhere. A response may arrive while its request is still being written; the read loop then asks `idle`.

import type { Socket } from "../socket/socket.ts";
import { type LoopCensus, moves } from "./loop_census.ts";
import type { PreparedRequest } from "./prepared_request.ts";

const AWAITING_REQUEST = 0;
const WRITING = 1;
const CLOSED = 2;

export const WRITE_LOOP_STATES: readonly string[] = ["awaitingRequest", "writing", "closed"];

/** The transition table. */
export const WRITE_LOOP_MOVES: readonly number[] = moves({
  [AWAITING_REQUEST]: [WRITING, CLOSED],
  [WRITING]: [AWAITING_REQUEST, CLOSED],
}, WRITE_LOOP_STATES.length);

export class WriteLoop {
  readonly #census: LoopCensus;
  #state = AWAITING_REQUEST;

  constructor(census: LoopCensus) {
    this.#census = census;
    census.enter(AWAITING_REQUEST);
  }

  /** Whether all of the last request is with the kernel. */
  get idle(): boolean {
    return this.#state === AWAITING_REQUEST;
  }

  /** Writes a request; false: its end is told by `drained`. */
  start(socket: Socket, request: PreparedRequest): boolean {
    let taken = socket.write(request.bytes);
    if (request.largeBody !== undefined) taken = socket.write(request.largeBody);
    // the write may have failed and closed the connection within the call
    if (!taken && this.#state === AWAITING_REQUEST) this.#transition(WRITING);
    return taken;
  }

  /** The socket's queue is empty. */
  drained(): void {
    if (this.#state === WRITING) this.#transition(AWAITING_REQUEST);
  }

  close(): void {
    if (this.#state === CLOSED) return;
    this.#transition(CLOSED);
    this.#census.leave(CLOSED);
  }

  #transition(to: number): void {
    if ((WRITE_LOOP_MOVES[this.#state]! & (1 << to)) === 0) {
      throw new Error(`write loop: ${WRITE_LOOP_STATES[this.#state]} → ${WRITE_LOOP_STATES[to]} is no move`);
    }
    this.#census.leave(this.#state);
    this.#census.enter(to);
    this.#state = to;
  }
}

// A request that may not be sent twice gets a connection that served others only after the event loop has looked at the
// sockets: a server that closes behind each answer, without saying so, has sent a FIN that may be here and unseen.

import type { Clock } from "../../core/clock.ts";
import type { Counts } from "../census.ts";
import type { Exchange } from "../request/exchange.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import type { GotConnInfo } from "../trace.ts";
import type { Entry } from "./entry.ts";
import { CLOSED } from "./place.ts";
import { Waiter } from "./waiter.ts";

/** The pool, to a request that listens. */
export interface SilenceOwner {
  readonly settings: { readonly clock: Clock };
  readonly counts: Counts;
  start(entry: Entry, exchange: Exchange, got: GotConnInfo): void;
  acquire(exchange: Exchange, request: PreparedRequest): void;
  giveBack(entry: Entry): void;
}

/** Starts the exchange on a connection kept for it; if that closes in this turn of the event loop, on another one. */
export function startInSilence(owner: SilenceOwner, entry: Entry, exchange: Exchange, got: GotConnInfo): void {
  const { clock } = owner.settings;
  if (exchange.request!.replayable || clock.afterTurn === undefined) {
    owner.start(entry, exchange, got);
    return;
  }
  const waiter = new Waiter(exchange, owner.counts); // so that it can be cancelled
  clock.afterTurn(() => {
    const open = entry.place !== CLOSED;
    if (waiter.settled) {
      if (open) owner.giveBack(entry);
      return;
    }
    waiter.settle();
    if (open) owner.start(entry, exchange, got);
    else owner.acquire(exchange, exchange.request!);
  });
}

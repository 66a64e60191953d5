// A request that may not be sent twice gets a connection that served others only after the event loop has looked at the
// sockets: a server that closes behind each answer, without saying so, has sent a FIN that may be here and unseen. So does
// any request to a server that was last seen to do that, which would else get each of them twice.

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
  /** The key of the host that was last seen to close a connection behind its answer, until one of its stays open. */
  hasty: string | undefined;
  start(entry: Entry, exchange: Exchange, got: GotConnInfo): void;
  acquire(exchange: Exchange, request: PreparedRequest): void;
  giveBack(entry: Entry): void;
}

/** Starts the exchange on a connection kept for it, at once or after a turn of the event loop; if it closes, on another. */
export function startInSilence(owner: SilenceOwner, entry: Entry, exchange: Exchange, got: GotConnInfo): void {
  const { clock } = owner.settings;
  const { key } = entry.host.route;
  if (clock.afterTurn === undefined || (exchange.request!.replayable && owner.hasty !== key)) {
    owner.start(entry, exchange, got);
    return;
  }
  const waiter = new Waiter(exchange, owner.counts); // so that it can be cancelled
  clock.afterTurn(() => {
    const open = entry.place !== CLOSED;
    if (open && owner.hasty === key) owner.hasty = undefined;
    if (waiter.settled) {
      if (open) owner.giveBack(entry);
      return;
    }
    waiter.settle();
    if (open) owner.start(entry, exchange, got);
    else owner.acquire(exchange, exchange.request!);
  });
}

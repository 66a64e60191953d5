import type { Counts } from "../census.ts";
import { type Carrier, type Exchange, fail } from "../request/exchange.ts";
import type { TransportError } from "../transport_error.ts";

/**
 * An exchange in want of a connection, after Go's `wantConn`. It may stand in two queues at once, for an idle connection
 * and for a dial; it is settled once, by whichever comes first or by its cancellation, and a queue skips it from then on.
 */
export class Waiter implements Carrier {
  readonly phase = "pool";
  readonly exchange: Exchange;
  readonly #counts: Counts;
  settled = false;

  /** Carries the exchange, and counts it as waiting. */
  constructor(exchange: Exchange, counts: Counts) {
    this.exchange = exchange;
    this.#counts = counts;
    exchange.carrier = this;
    counts.waiting += 1;
  }

  /** It waits no more, since a connection is here for it, or its end. */
  settle(): void {
    this.settled = true;
    this.exchange.carrier = undefined;
    this.#counts.waiting -= 1;
  }

  wantBody(): void {}
  holdBody(): void {}
  closeBody(): void {}

  /** Its dial goes on, for others. */
  cancel(error: TransportError): void {
    if (this.settled) return;
    this.settle();
    fail(this.exchange, error);
  }
}

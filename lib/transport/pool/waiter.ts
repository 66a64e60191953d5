import type { Carrier, Exchange } from "../request/exchange.ts";
import type { TransportError } from "../transport_error.ts";

/** What a waiter needs of its pool. */
export interface WaiterOwner {
  cancelWaiter(waiter: Waiter, error: TransportError): void;
}

/**
 * An exchange in want of a connection, after Go's `wantConn`. It may stand in two queues at once, for an idle connection
 * and for a dial; it is settled once, by whichever comes first or by its cancellation, and a queue skips it from then on.
 */
export class Waiter implements Carrier {
  readonly phase = "pool";
  readonly exchange: Exchange;
  readonly #owner: WaiterOwner;
  settled = false;

  constructor(exchange: Exchange, owner: WaiterOwner) {
    this.exchange = exchange;
    this.#owner = owner;
  }

  wantBody(): void {}
  holdBody(): void {}
  closeBody(): void {}

  cancel(error: TransportError): void {
    this.#owner.cancelWaiter(this, error);
  }
}

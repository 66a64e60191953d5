import type { Transport } from "../transport/transport.ts";
import type { PreparedRequest } from "../transport/prepared_request.ts";
import type { LoadExchange } from "./load_exchange.ts";

/** How a request is sent: the generator decides when, a driver knows the way. */
export interface Driver {
  send(exchange: LoadExchange): void;
}

/** Sends one prepared request, over and over, through a transport in this process. */
export class TransportDriver implements Driver {
  readonly #transport: Transport;
  readonly #request: PreparedRequest;

  constructor(transport: Transport, request: PreparedRequest) {
    this.#transport = transport;
    this.#request = request;
  }

  send(exchange: LoadExchange): void {
    this.#transport.send(this.#request, exchange);
  }
}

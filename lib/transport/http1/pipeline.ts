import { concatBytes } from "../../core/bytes.ts";
import { Fifo } from "../../core/fifo.ts";
import { Link } from "../../core/linked_list.ts";
import type { Carrier, Exchange } from "../request/exchange.ts";
import type { TransportError } from "../transport_error.ts";

/** What is larger is not worth a copy, and shall feel whether the socket takes it. */
const MAX_HELD_BYTES = 16 * 1024;

/** More of one request are put together each time. */
const MOST_REPEATED = 64;

/** What was repeated last, and its repetitions by their number: a load sends one request over and over. */
let repeatedBytes: Uint8Array | undefined = undefined;
let repetitions: Uint8Array[] = [];

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  if (bytes !== repeatedBytes) {
    repeatedBytes = bytes;
    repetitions = [];
  }
  return repetitions[times] ??= concatBytes(new Array<Uint8Array>(times).fill(bytes));
}

/** The connection. */
export interface PipelineOwner {
  /** A request behind the one in hand was cancelled, for a reason that the ledger shows. */
  breakPipeline(reason: string): void;
}

/**
 * What stands behind the request in hand on a connection that pipelines (RFC 9112 §9.3.2): requests that are written and
 * unanswered, oldest first. Carries them until their response is the next.
 */
export class Pipeline<Connection extends PipelineOwner> implements Carrier {
  readonly phase = "head";
  /** Among its host's connections that may take another request. Owned by the pool. */
  readonly place: Link<Connection>;
  readonly #connection: Connection;
  #waiting: Fifo<Exchange> = new Fifo();
  /** What is to be written together, while writes are held back. */
  #held: Uint8Array[] = [];
  #corked = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.place = new Link(connection);
  }

  get size(): number {
    return this.#waiting.size;
  }

  push(exchange: Exchange): void {
    exchange.carrier = this;
    this.#waiting.push(exchange);
  }

  /** The exchange whose response is next, which nobody carries from here on. */
  shift(): Exchange | undefined {
    const next = this.#waiting.shift();
    if (next !== undefined) next.carrier = undefined;
    return next;
  }

  /** Holds writes back; true: until the caller's `uncork`, false: until somebody else's. */
  cork(): boolean {
    if (this.#corked) return false;
    this.#corked = true;
    return true;
  }

  /** No write is held back from here on. */
  uncork(): void {
    this.#corked = false;
  }

  /** Whether what is written now goes out with something before it. */
  get holding(): boolean {
    return this.#corked && this.#held.length > 0;
  }

  /** Whether the bytes wait for others to go out with. */
  holds(bytes: Uint8Array): boolean {
    if (!this.#corked || bytes.length > MAX_HELD_BYTES) return false;
    this.#held.push(bytes);
    return true;
  }

  /** What was held back, in one piece; undefined: nothing. */
  takeHeld(): Uint8Array | undefined {
    const held = this.#held;
    if (held.length === 0) return undefined;
    this.#held = [];
    if (held.length === 1) return held[0];
    const first = held[0]!;
    const same = held.length <= MOST_REPEATED && held.every((bytes) => bytes === first);
    return same ? repeated(first, held.length) : concatBytes(held);
  }

  // --- from an exchange

  wantBody(): void {}
  holdBody(): void {}
  closeBody(): void {}

  /** A request that is written cannot be taken back, so its connection goes, and the others with it. */
  cancel(error: TransportError, exchange: Exchange): void {
    const others: Fifo<Exchange> = new Fifo();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next !== exchange) others.push(next);
    }
    this.#waiting = others;
    exchange.carrier = undefined;
    this.#connection.breakPipeline(error.code);
    exchange.upload?.stop();
    exchange.onError(error);
  }
}

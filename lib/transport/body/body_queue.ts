// The pieces of a body between the connection that brings them and the promise face that reads them: one at a time, so
// that what nobody reads stays with the server.

import type { Clock } from "../../core/clock.ts";
import { TransportError } from "../transport_error.ts";

/** Where a body's bytes are read. One reader at a time. */
export interface BodyReader {
  /** The next bytes, the caller's own; null: the end. */
  read(): Promise<Uint8Array | null>;
  /** Gives the rest up, any number of times. */
  close(): void;
}

/** What a queue asks of the connection behind it. */
export interface ByteSource {
  /** Lets one chunk come. */
  read(): void;
  close(): void;
}

/** How long a read in progress may still get its bytes once the body is closed: as long as a drain may take. */
const LAST_READ_MS = 50;

type State =
  | { readonly kind: "open" }
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "closed" };

const OPEN: State = { kind: "open" };
const ENDED: State = { kind: "ended" };
const CLOSED: State = { kind: "closed" };

/** Chunks on their way from a connection's callbacks to a reader's promises. Nothing here keeps the reader's object alive. */
export class BodyQueue implements BodyReader {
  readonly #source: ByteSource;
  readonly #clock: Clock | undefined;
  #state: State = OPEN;
  /** Arrived before anybody asked: the rest that a failing connection leaves behind. */
  readonly #early: Uint8Array[] = [];
  #pending: { resolve(chunk: Uint8Array | null): void; reject(error: unknown): void } | undefined = undefined;
  /** The body was closed while a read was pending: the read finishes, then the source closes. */
  #closing = false;
  #finished = false;

  /** With a clock, a read that `close` finds pending may still get its bytes. */
  constructor(source: ByteSource, clock?: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Neither read to its end, nor failed, nor closed. */
  get open(): boolean {
    return this.#state === OPEN && !this.#closing;
  }

  /** Read to its end; a close after that changes nothing. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Rejects with `concurrentRead`, with `readOnClosedBody` after `close`, or with what `fail` was given. */
  read(): Promise<Uint8Array | null> {
    if (this.#state.kind === "closed" || this.#closing) return Promise.reject(readOnClosedBody());
    if (this.#pending !== undefined) return Promise.reject(concurrentRead());
    const early = this.#early.shift();
    if (early !== undefined) {
      this.#noteEnd();
      return Promise.resolve(early);
    }
    if (this.#state.kind === "ended") return Promise.resolve(null);
    if (this.#state.kind === "failed") return Promise.reject(this.#state.error);
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#source.read();
    });
  }

  close(): void {
    if (this.#state.kind === "closed" || this.#closing) return;
    if (this.#pending === undefined || this.#clock === undefined) {
      this.#finishClose();
      return;
    }
    this.#closing = true;
    this.#clock.setTimer(LAST_READ_MS, () => this.#finishClose());
  }

  // --- from the connection

  /** A chunk, which is the queue's own from here on. */
  push(chunk: Uint8Array): void {
    const pending = this.#takePending();
    if (pending !== undefined) pending.resolve(chunk);
    else if (this.#state.kind === "open") this.#early.push(chunk);
    if (this.#closing) this.#finishClose();
  }

  end(): void {
    this.#settle(ENDED)?.resolve(null);
    this.#noteEnd();
  }

  fail(error: unknown): void {
    this.#settle({ kind: "failed", error })?.reject(error);
  }

  // --- inside

  #noteEnd(): void {
    if (this.#state === ENDED && this.#early.length === 0) this.#finished = true;
  }

  #settle(state: State) {
    if (this.#state.kind !== "open") return undefined;
    this.#state = this.#closing ? CLOSED : state;
    return this.#takePending();
  }

  #finishClose(): void {
    if (this.#state.kind === "closed") return;
    const open = this.#state.kind === "open";
    this.#state = CLOSED;
    this.#early.length = 0;
    if (open) this.#source.close();
    this.#takePending()?.reject(readOnClosedBody());
  }

  #takePending() {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}

/** Go: "http: read on closed response body". */
export function readOnClosedBody(): TransportError {
  return new TransportError("read on closed response body", { code: "readOnClosedBody", side: "local", phase: "body" });
}

export function concurrentRead(): TransportError {
  const init = { code: "concurrentRead", side: "local", phase: "body" } as const;
  return new TransportError("concurrent read on response body", init);
}

import { concatBytes, copyBytes } from "../../lib/core/bytes.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../lib/socket/socket.ts";
import type { SocketError } from "../../lib/socket/socket_error.ts";
import type { TlsState } from "../../lib/socket/tls.ts";

export type EventName = "open" | "secure" | "data" | "drain" | "end" | "close";

/** Long enough for a busy machine; a test that waits this long has failed. */
const DEADLINE_MS = 20_000;

/** A handler that writes down what it is told, in order, and lets a test wait for it or act in the middle of it. */
export class Recorder implements SocketHandler {
  /** What happened; several `data` in a row count once. */
  readonly events: EventName[] = [];
  /** Copies of what arrived, made inside the callback. */
  readonly chunks: Uint8Array[] = [];
  receivedBytes = 0;
  drains = 0;
  error: SocketError | undefined;
  /** What each handshake came to. */
  readonly states: TlsState[] = [];
  socket!: Socket;
  /** Runs inside the callback. */
  during: Partial<Record<EventName, (view?: Uint8Array) => void>> = {};
  #wakers: (() => void)[] = [];

  onOpen(): void {
    this.#note("open");
  }

  onSecure(state: TlsState): void {
    this.states.push(state);
    this.#note("secure");
  }

  onData(view: Uint8Array): void {
    this.receivedBytes += view.length;
    this.chunks.push(copyBytes(view));
    this.#note("data", view);
  }

  onDrain(): void {
    this.drains += 1;
    this.#note("drain");
  }

  onEnd(): void {
    this.#note("end");
  }

  onClose(error: SocketError | undefined): void {
    this.error = error;
    this.#note("close");
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  get bytes(): Uint8Array {
    return concatBytes(this.chunks);
  }

  has(name: EventName): boolean {
    return this.events.includes(name);
  }

  /** Resolves once `condition` holds, which is looked at after each callback; rejects after the deadline. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    while (!condition()) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`waited in vain for ${what}; so far: ${this.events.join(" ") || "nothing"}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wakers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  seen(name: EventName): Promise<void> {
    return this.until(() => this.has(name), name);
  }

  received(bytes: number): Promise<void> {
    return this.until(() => this.receivedBytes >= bytes, `${bytes} bytes`);
  }

  #note(name: EventName, view?: Uint8Array): void {
    if (name !== "data" || this.events.at(-1) !== "data") this.events.push(name);
    this.during[name]?.(view);
    for (const wake of this.#wakers.splice(0)) wake();
  }
}

export function dial(adapter: SocketAdapter, address: Address): Recorder {
  const recorder = new Recorder();
  recorder.socket = adapter.dial(address, recorder);
  return recorder;
}

/** Time for what must not happen to happen. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

export async function waitFor(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() >= deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The value once it has not changed for half a second. */
export async function stable(read: () => number): Promise<number> {
  for (let last = read(), since = performance.now();;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (read() !== last) [last, since] = [read(), performance.now()];
    else if (performance.now() - since > 500) return last;
  }
}

// One of several addresses of a name, after RFC 8305 §5 ("Happy Eyeballs"): they are tried in turn, the next one when
// the last failed or has not answered for a while, and the first connection wins.

import type { Clock, Timer } from "../core/clock.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../socket/socket.ts";
import { SocketError } from "../socket/socket_error.ts";
import { dialError } from "./dial_error.ts";
import type { Trace } from "./trace.ts";

/** RFC 8305 §8, "Connection Attempt Delay". */
const ATTEMPT_DELAY_MS = 250;

const CANCELED = new SocketError("ECANCELED", "operation was canceled");

/** Whom a race reports to. */
export interface RaceOwner {
  readonly clock: Clock;
  readonly adapter: SocketAdapter;
  readonly trace: Trace | undefined;
  /** Called from within the socket's `onOpen`. */
  raceWon(socket: Socket): void;
  raceLost(error: SocketError): void;
}

export class AddressRace {
  readonly owner: RaceOwner;
  readonly #addresses: readonly Address[];
  readonly #running: Set<Attempt> = new Set();
  #next = 0;
  #timer: Timer | undefined = undefined;
  #over = false;
  /** Of the first attempt, whose address the resolver preferred. */
  #error: SocketError | undefined = undefined;

  constructor(owner: RaceOwner, addresses: readonly Address[]) {
    this.owner = owner;
    this.#addresses = addresses;
  }

  start(): void {
    this.#attempt();
  }

  /** Gives every attempt up; no callback follows, and the trace hears why. */
  stop(reason: SocketError = CANCELED): void {
    this.#over = true;
    this.#timer?.clear();
    for (const attempt of this.#running) {
      attempt.socket.destroy();
      attempt.tell(reason);
    }
    this.#running.clear();
  }

  won(attempt: Attempt): void {
    this.#running.delete(attempt);
    this.stop();
    this.owner.raceWon(attempt.socket);
  }

  failed(attempt: Attempt, error: SocketError): void {
    this.#running.delete(attempt);
    this.#error ??= error;
    if (this.#next < this.#addresses.length) this.#attempt();
    else if (this.#running.size === 0 && !this.#over) {
      this.#over = true;
      this.owner.raceLost(this.#error);
    }
  }

  #attempt(): void {
    this.#timer?.clear();
    this.#running.add(new Attempt(this, this.#addresses[this.#next++]!));
    if (this.#next < this.#addresses.length) {
      this.#timer = this.owner.clock.setTimer(ATTEMPT_DELAY_MS, () => this.#attempt());
    }
  }
}

/** A connection to one address, until it is open. */
class Attempt implements SocketHandler {
  readonly socket: Socket;
  readonly #race: AddressRace;
  readonly #address: Address;
  readonly #startedMs: number;

  constructor(race: AddressRace, address: Address) {
    this.#race = race;
    this.#address = address;
    const { clock, adapter, trace } = race.owner;
    this.#startedMs = trace?.connectDone === undefined ? 0 : clock.nowMs();
    trace?.connectStart?.(address);
    this.socket = adapter.dial(address, this);
  }

  onOpen(): void {
    this.tell(undefined);
    this.#race.won(this);
  }

  onClose(error: SocketError | undefined): void {
    const reason = error ?? new SocketError("ECONNRESET", "the connection closed before it opened");
    this.tell(reason);
    this.#race.failed(this, reason);
  }

  // a socket is handed over as it opens, so nothing of it comes here later
  onData(): void {}
  onDrain(): void {}
  onEnd(): void {}

  tell(error: SocketError | undefined): void {
    const { clock, trace } = this.#race.owner;
    trace?.connectDone?.({
      address: this.#address,
      elapsedMs: clock.nowMs() - this.#startedMs,
      error: error === undefined ? undefined : dialError(error),
    });
  }
}

// One of several addresses of a name, after RFC 8305 §5 ("Happy Eyeballs"): they are tried in turn, the next one when
// the last failed or has not answered for a while, and the first connection wins.

import type { Clock, Timer } from "../../core/clock.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../socket/socket.ts";
import { SocketError } from "../../socket/socket_error.ts";
import type { Trace } from "../trace.ts";
import { dialError } from "./dial_error.ts";

/** RFC 8305 §8, "Connection Attempt Delay". */
const ATTEMPT_DELAY_MS = 250;

const NONE: readonly Attempt[] = [];

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

/** What a socket is to be capable of, wherever it goes. Kept apart from the addresses, which traces are told: here are keys. */
export type Security = Pick<Address, "tls" | "upgradable">;

export class AddressRace {
  readonly owner: RaceOwner;
  readonly security: Security | undefined;
  readonly #addresses: readonly Address[];
  #running: readonly Attempt[] = NONE;
  #next = 0;
  #timer: Timer | undefined = undefined;
  #over = false;
  /** Of the first attempt, whose address the resolver preferred. */
  #error: SocketError | undefined = undefined;

  /** Without `security` the sockets are to be plain, and stay it. */
  constructor(owner: RaceOwner, addresses: readonly Address[], security: Security | undefined) {
    this.owner = owner;
    this.security = security;
    this.#addresses = addresses;
  }

  start(): void {
    this.#attempt();
  }

  /** Gives every attempt up; no callback follows, and the trace hears why. */
  stop(reason: SocketError = CANCELED): void {
    this.#over = true;
    this.#timer?.clear();
    const running = this.#running;
    this.#running = NONE;
    if (running.length === 0) return;
    for (const attempt of running) attempt.socket?.destroy();
    for (const attempt of running) attempt.tell(reason);
  }

  /** The race was stopped, if need be by the hook that was just told of an attempt. */
  get over(): boolean {
    return this.#over;
  }

  won(attempt: Attempt, socket: Socket): void {
    this.#leave(attempt);
    this.stop();
    this.owner.raceWon(socket);
  }

  failed(attempt: Attempt, error: SocketError): void {
    this.#leave(attempt);
    this.#error ??= error;
    if (this.#next < this.#addresses.length) this.#attempt();
    else if (this.#running.length === 0) {
      this.#over = true;
      this.owner.raceLost(this.#error);
    }
  }

  #leave(attempt: Attempt): void {
    this.#running = this.#running.length === 1 ? NONE : this.#running.filter((other) => other !== attempt);
  }

  #attempt(): void {
    this.#timer?.clear();
    const attempt = new Attempt(this, this.#addresses[this.#next++]!);
    this.#running = this.#running.length === 0 ? [attempt] : [...this.#running, attempt];
    attempt.start();
    if (!this.#over && this.#next < this.#addresses.length) {
      this.#timer = this.owner.clock.setTimer(ATTEMPT_DELAY_MS, () => this.#attempt());
    }
  }
}

/** A connection to one address, until it is open. */
class Attempt implements SocketHandler {
  socket: Socket | undefined = undefined;
  readonly #race: AddressRace;
  readonly #address: Address;
  #startedMs = 0;

  constructor(race: AddressRace, address: Address) {
    this.#race = race;
    this.#address = address;
  }

  start(): void {
    const { owner: { clock, adapter, trace }, security } = this.#race;
    this.#startedMs = trace?.connectDone === undefined ? 0 : clock.nowMs();
    trace?.connectStart?.(this.#address);
    if (this.#race.over) return;
    this.socket = adapter.dial(security === undefined ? this.#address : { ...this.#address, ...security }, this);
  }

  onOpen(): void {
    this.tell(undefined);
    this.#race.won(this, this.socket!);
  }

  onClose(error: SocketError | undefined): void {
    const reason = error ?? new SocketError("ECONNRESET", "the connection closed before it opened");
    this.tell(reason);
    if (!this.#race.over) this.#race.failed(this, reason);
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

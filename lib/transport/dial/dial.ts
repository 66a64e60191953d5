// One dial, from a name to an open socket that requests can be sent on: Go's `dialConn`. It knows the way and nothing of
// those who want to go it: cancelling the request that started it leaves it running. `dial_states.ts` has its states.

import type { Clock, Timer } from "../../core/clock.ts";
import { ListLink } from "../../core/linked_list.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../socket/socket.ts";
import { SocketError } from "../../socket/socket_error.ts";
import type { TlsState } from "../../socket/tls.ts";
import { headLimits, type Settings } from "../options/options.ts";
import type { Route } from "../request/route.ts";
import type { Trace } from "../trace.ts";
import { TransportError } from "../transport_error.ts";
import { AddressRace, type RaceOwner } from "./address_race.ts";
import { dialError, proxyDialError } from "./dial_error.ts";
import { peerSecurity, targetTls } from "./dial_security.ts";
import {
  ASKING_PROXY,
  CONNECTING,
  DIAL_MOVES,
  DIAL_STATES,
  DONE,
  RESOLVING,
  SECURING,
  SECURING_PROXY,
} from "./dial_states.ts";
import { beginProxyHandshake, type ProxyHandshake } from "./proxy_handshake.ts";

/** How long a proxy may take to answer CONNECT or socks5 (Go, `dialConn`: "a (long) timeout"). */
const PROXY_TIMEOUT_MS = 60_000;

/** Who started a dial. */
export interface DialOwner<Ticket> {
  readonly settings: Settings;
  /** The way stands; from within a callback of its socket, which is the owner's to hand over. */
  dialSucceeded(dial: Dial<Ticket>, socket: Socket, tls: TlsState | undefined): void;
  dialFailed(dial: Dial<Ticket>, error: TransportError): void;
}

/** What a dial is about. */
export interface DialTask<Ticket> {
  readonly route: Route;
  /** Of the request that started the dial, which may be served otherwise meanwhile. */
  readonly trace: Trace | undefined;
  /** The owner's own: what the dial is for. */
  readonly ticket: Ticket;
}

export class Dial<Ticket> implements SocketHandler, RaceOwner {
  /** Among its owner's dials, by age. */
  readonly link: ListLink<Dial<Ticket>> = new ListLink(this);
  readonly ticket: Ticket;
  readonly trace: Trace | undefined;
  readonly startedMs: number;
  readonly #owner: DialOwner<Ticket>;
  readonly #route: Route;
  #state = RESOLVING;
  #race: AddressRace | undefined = undefined;
  #socket: Socket | undefined = undefined;
  #timer: Timer | undefined = undefined;
  #handshake: ProxyHandshake | undefined = undefined;
  #handshakeStartedMs = 0;

  constructor(owner: DialOwner<Ticket>, { route, trace, ticket }: DialTask<Ticket>) {
    this.#owner = owner;
    this.#route = route;
    this.trace = trace;
    this.ticket = ticket;
    this.startedMs = owner.settings.clock.nowMs();
  }

  get clock(): Clock {
    return this.#owner.settings.clock;
  }

  get adapter(): SocketAdapter {
    return this.#owner.settings.adapter;
  }

  /** Whether the time limit of dialing still counts: a handshake has its own. */
  get connecting(): boolean {
    return this.#state === RESOLVING || this.#state === CONNECTING;
  }

  start(): void {
    const { unixSocket, resolver } = this.#owner.settings;
    if (unixSocket !== undefined) {
      this.#connect([{ path: unixSocket }]);
      return;
    }
    const { peer, peerIsIp } = this.#route;
    if (peerIsIp) {
      this.#connect([peer]);
      return;
    }
    const { host, port } = peer;
    this.trace?.dnsStart?.(host);
    resolver.resolve(host, (error, addresses) => {
      if (this.#state === DONE) return;
      this.trace?.dnsDone?.({
        addresses,
        elapsedMs: this.clock.nowMs() - this.startedMs,
        error: error === undefined ? undefined : dialError(error),
      });
      if (this.#isDone()) return;
      if (error !== undefined) this.raceLost(error);
      else this.#connect(addresses.map((address) => ({ host: address, port })));
    });
  }

  /** Gives the dial up; its owner hears nothing. */
  abandon(): void {
    this.#stop(undefined);
  }

  /** Gives the dial up because it took too long. */
  timeOut(): void {
    const text = `i/o timeout after ${this.#owner.settings.dialTimeoutMs} ms`;
    const error = new SocketError("ETIMEDOUT", text);
    this.#stop(error);
    this.#owner.dialFailed(this, this.#connectError(error));
  }

  // --- from the race

  raceWon(socket: Socket): void {
    if (this.#state === DONE) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#race = undefined;
    socket.handover(this);
    const { proxy, scheme } = this.#route;
    if (proxy?.scheme === "https") this.#secure(SECURING_PROXY);
    else if (proxy !== undefined && !this.#route.forwarded) this.#askProxy();
    else if (scheme === "https") this.#secure(SECURING);
    else this.#succeed(undefined);
  }

  raceLost(error: SocketError): void {
    this.#fail(this.#connectError(error));
  }

  // --- from the socket, once it is open

  onOpen(): void {}

  onSecure(state: TlsState): void {
    this.#timer?.clear();
    this.#tellHandshake(state, undefined);
    if (this.#isDone()) return;
    if (this.#state === SECURING_PROXY && !this.#route.forwarded) this.#askProxy();
    else this.#succeed(state);
  }

  onData(view: Uint8Array): void {
    if (this.#state !== ASKING_PROXY) return; // a server that speaks first: its connection would be closed as unsolicited
    let answer: Uint8Array | "done" | "more";
    try {
      answer = this.#handshake!.receive(view);
    } catch (error) {
      this.#fail(error as TransportError);
      return;
    }
    if (answer === "more") return;
    if (answer !== "done") {
      this.#socket!.write(answer);
      return;
    }
    this.#timer?.clear();
    if (this.#route.scheme === "http") {
      this.#succeed(undefined);
      return;
    }
    this.#secure(SECURING);
    if (this.#isDone()) return;
    this.#socket!.startTls(targetTls(this.#route, this.#owner.settings));
  }

  onDrain(): void {}

  onEnd(): void {
    this.onClose(new SocketError("ECONNRESET", "the connection ended during the handshake"));
  }

  onClose(cause: SocketError | undefined): void {
    const { code, message } = cause ?? new SocketError("ECONNRESET", "the connection closed during the handshake");
    const phase = this.#state === ASKING_PROXY ? "proxy" : "tls";
    const error = new TransportError(`${phase}: ${message}`, { code, side: "remote", phase, cause });
    if (phase === "tls") this.#tellHandshake(undefined, error);
    this.#fail(error);
  }

  // --- inside

  #connect(targets: readonly Address[]): void {
    this.#transition(CONNECTING);
    this.#race = new AddressRace(this, targets, peerSecurity(this.#route, this.#owner.settings));
    this.#race.start();
  }

  /** A handshake begins. */
  #secure(state: number): void {
    this.#transition(state);
    this.trace?.tlsHandshakeStart?.();
    if (this.#isDone()) return;
    this.#handshakeStartedMs = this.clock.nowMs();
    const timeoutMs = this.#owner.settings.tlsHandshakeTimeoutMs;
    if (timeoutMs > 0) {
      this.#setTimer(timeoutMs, () => {
        const text = "TLS handshake timeout";
        const error = new TransportError(text, { code: "tlsHandshakeTimeout", side: "remote", phase: "tls" });
        this.#tellHandshake(undefined, error);
        this.#fail(error);
      });
    }
  }

  #askProxy(): void {
    this.#transition(ASKING_PROXY);
    this.#setTimer(PROXY_TIMEOUT_MS, () => {
      const text = `proxy: no answer within ${PROXY_TIMEOUT_MS / 1000} s`;
      this.#fail(new TransportError(text, { code: "proxyTimeout", side: "remote", phase: "proxy" }));
    });
    let hello: Uint8Array;
    try {
      this.#handshake = beginProxyHandshake(this.#route, headLimits(this.#owner.settings));
      hello = this.#handshake.begin();
    } catch (error) {
      this.#fail(error as TransportError);
      return;
    }
    this.#socket!.write(hello);
  }

  #succeed(tls: TlsState | undefined): void {
    const socket = this.#socket!;
    this.#finish();
    this.#owner.dialSucceeded(this, socket, tls);
  }

  #connectError(error: SocketError): TransportError {
    return this.#route.proxy === undefined ? dialError(error) : proxyDialError(error);
  }

  #fail(error: TransportError): void {
    this.#stop(undefined);
    this.#owner.dialFailed(this, error);
  }

  #stop(reason: SocketError | undefined): void {
    this.#finish();
    this.#race?.stop(reason);
    this.#socket?.destroy();
  }

  #finish(): void {
    if (this.#state !== DONE) this.#transition(DONE);
    this.#timer?.clear();
  }

  /** One that keeps the process alive: somebody may wait for this dial alone. */
  #setTimer(delayMs: number, callback: () => void): void {
    this.#timer = this.clock.setTimer(delayMs, callback);
  }

  /** Asked after a hook, which may have ended it all by closing the transport. */
  #isDone(): boolean {
    return this.#state === DONE;
  }

  #tellHandshake(state: TlsState | undefined, error: TransportError | undefined): void {
    this.trace?.tlsHandshakeDone?.({ state, elapsedMs: this.clock.nowMs() - this.#handshakeStartedMs, error });
  }

  #transition(to: number): void {
    if ((DIAL_MOVES[this.#state]! & (1 << to)) === 0) {
      throw new Error(`dial: ${DIAL_STATES[this.#state]} → ${DIAL_STATES[to]} is no move`);
    }
    this.#state = to;
  }
}

// One dial, from a name to a connection that requests can be sent on: Go's `dialConn`.
//
//   resolving         the name is being looked up
//   connecting        one or more of its addresses are being connected to
//   securingProxy     the handshake with an https proxy
//   askingProxy       CONNECT or socks5 is under way
//   securing          the handshake with the target
//   done              the socket is somebody else's, or gone
//
// A dial belongs to the pool, not to the request that started it: cancelling the request leaves it running.

import type { Clock, Timer } from "../../core/clock.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../socket/socket.ts";
import { SocketError } from "../../socket/socket_error.ts";
import type { TlsSettings, TlsState } from "../../socket/tls.ts";
import type { PersistentConnection } from "../http1/persistent_connection.ts";
import { moves } from "../loop_census.ts";
import type { Settings } from "../options/options.ts";
import type { HostPool } from "../pool/host_pool.ts";
import type { Waiter } from "../pool/waiter.ts";
import type { Route } from "../request/route.ts";
import type { Trace } from "../trace.ts";
import { TransportError } from "../transport_error.ts";
import { AddressRace, type RaceOwner } from "./address_race.ts";
import { dialError, proxyDialError } from "./dial_error.ts";
import { beginProxyHandshake, type ProxyHandshake } from "./proxy_handshake.ts";

const RESOLVING = 0;
const CONNECTING = 1;
const SECURING_PROXY = 2;
const ASKING_PROXY = 3;
const SECURING = 4;
const DONE = 5;

export const DIAL_STATES: readonly string[] = [
  "resolving",
  "connecting",
  "securingProxy",
  "askingProxy",
  "securing",
  "done",
];

/** The transition table. */
export const DIAL_MOVES: readonly number[] = moves({
  [RESOLVING]: [CONNECTING, DONE],
  [CONNECTING]: [SECURING_PROXY, ASKING_PROXY, SECURING, DONE],
  [SECURING_PROXY]: [ASKING_PROXY, DONE],
  [ASKING_PROXY]: [SECURING, DONE],
  [SECURING]: [DONE],
}, DIAL_STATES.length);

/** How long a proxy may take to answer CONNECT or socks5 (Go, `dialConn`: "a (long) timeout"). */
const PROXY_TIMEOUT_MS = 60_000;

/** What a dial needs of its pool. */
export interface DialOwner {
  readonly settings: Settings;
  /** The connection stands; from within a callback of its socket. */
  dialSucceeded(dial: Dial, socket: Socket, tls: TlsState | undefined): void;
  dialFailed(dial: Dial, error: TransportError): void;
}

export class Dial implements SocketHandler, RaceOwner {
  readonly host: HostPool<PersistentConnection>;
  /** Who started it, and gets the connection unless served meanwhile. */
  readonly waiter: Waiter;
  /** Of the request that started the dial; kept here, since the exchange may serve another request meanwhile. */
  readonly trace: Trace | undefined;
  readonly startedMs: number;
  readonly #owner: DialOwner;
  readonly #route: Route;
  #state = RESOLVING;
  #race: AddressRace | undefined = undefined;
  #socket: Socket | undefined = undefined;
  #timer: Timer | undefined = undefined;
  #handshake: ProxyHandshake | undefined = undefined;
  #handshakeStartedMs = 0;

  constructor(owner: DialOwner, host: HostPool<PersistentConnection>, waiter: Waiter) {
    this.#owner = owner;
    this.#route = host.route;
    this.host = host;
    this.waiter = waiter;
    this.trace = waiter.exchange.trace;
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
    this.#socket!.startTls(this.#tlsWithTarget());
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
    const { proxy, scheme } = this.#route;
    const secured = proxy === undefined ? scheme === "https" : proxy.scheme === "https";
    // a tunnel to an https target is secured once the proxy has opened it
    const upgradable = proxy !== undefined && scheme === "https";
    const security = secured || upgradable ? { upgradable, tls: secured ? this.#firstTls() : undefined } : undefined;
    this.#race = new AddressRace(this, targets, security);
    this.#race.start();
  }

  /** The handshake right behind the connect: with the https proxy, or with the target. */
  #firstTls(): TlsSettings {
    const { proxy } = this.#route;
    return proxy === undefined ? this.#tlsWithTarget() : this.#tlsWith(proxy.host);
  }

  #tlsWithTarget(): TlsSettings {
    return this.#tlsWith(this.#owner.settings.tls.servername ?? this.#route.host);
  }

  #tlsWith(servername: string): TlsSettings {
    const { tls } = this.#owner.settings;
    return { servername, credentials: tls, insecure: tls.insecure, alpnProtocols: ["http/1.1"] };
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
      this.#handshake = beginProxyHandshake(this.#route, this.#owner.settings.maxResponseHeaderBytes);
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

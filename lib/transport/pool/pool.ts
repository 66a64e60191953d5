// The pool of connections, after Go's `Transport.getConn`, `tryPutIdleConn`, `dialConnFor` and `decConnsPerHost`.
//
// Late binding: a request takes the most recently used idle connection; where there is none it waits in its host's
// queue and, unless `maxConnsPerHost` forbids it, starts a dial. What comes first serves it, a returning connection or
// its own dial; a dial that finds its request already served becomes an idle connection, or serves the next in line.

import type { Timer } from "../../core/clock.ts";
import { LinkedList } from "../../core/linked_list.ts";
import type { Socket } from "../../socket/socket.ts";
import type { TlsState } from "../../socket/tls.ts";
import type { Census, Counts, Traffic } from "../census.ts";
import { Dial, type DialOwner } from "../dial/dial.ts";
import { type ConnectionOwner, IdlePlace, type Loss, PersistentConnection } from "../http1/persistent_connection.ts";
import { READ_LOOP_STATES } from "../http1/read_loop_states.ts";
import { WRITE_LOOP_STATES } from "../http1/write_loop.ts";
import { LoopCensus } from "../loop_census.ts";
import type { Settings } from "../options/options.ts";
import type { Exchange } from "../request/exchange.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import { hostPort, type Route } from "../request/route.ts";
import { TransportError } from "../transport_error.ts";
import { HostPool } from "./host_pool.ts";
import { CLOSED, IDLE, IN_USE, PLACE_MOVES, PLACES } from "./place.ts";
import { Waiter, type WaiterOwner } from "./waiter.ts";

/** Idle connections are kept from holding the process this long after the first of them became idle. */
const SLEEP_AFTER_MS = 50;

export class Pool implements ConnectionOwner, WaiterOwner, DialOwner {
  readonly settings: Settings;
  readonly readLoops: LoopCensus = new LoopCensus(READ_LOOP_STATES);
  readonly writeLoops: LoopCensus = new LoopCensus(WRITE_LOOP_STATES);
  readonly traffic: Traffic = { bytesSent: 0, bytesReceived: 0 };
  readonly counts: Counts = { dialing: 0, inUse: 0, idle: 0, waiting: 0 };
  dialed = 0;
  reused = 0;
  retried = 0;
  readonly #closedBy: Record<string, number> = {};
  readonly #hosts: Map<string, HostPool<PersistentConnection>> = new Map();
  readonly #connections: Set<PersistentConnection> = new Set();
  /** Oldest first. */
  readonly #dials: Set<Dial> = new Set();
  #dialTimer: Timer | undefined = undefined;
  /** All idle connections by the time they became so. */
  readonly #idle: LinkedList<PersistentConnection> = new LinkedList();
  #idleTimer: Timer | undefined = undefined;
  #sleepTimer: Timer | undefined = undefined;
  /** `closeIdleConnections` was called, and nobody asked for a connection since. */
  #refusesReturns = false;
  #closed = false;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** Finds the exchange a connection, now or later, and starts its request there (Go, `getConn`). */
  acquire(exchange: Exchange, request: PreparedRequest): void {
    if (exchange.trace?.getConn !== undefined && !this.#tellGetConn(exchange, request.route)) return;
    if (this.#closed) {
      fail(exchange, transportClosed("pool"));
      return;
    }
    this.#refusesReturns = false;
    const connection = this.#takeIdle(request.route);
    if (connection !== undefined) {
      this.#deliver(connection, exchange, true);
      return;
    }
    const host = this.#hostFor(request.route);
    if (host.roomy.size > 0 && request.pipelinable && this.#joinAny(host, exchange)) return;
    const waiter = new Waiter(exchange, this);
    exchange.carrier = waiter;
    this.counts.waiting += 1;
    HostPool.enqueue(host.waiters, waiter);
    if (host.connections < this.settings.maxConnsPerHost) this.#dial(host, waiter);
    else HostPool.enqueue(host.dialQueue, waiter);
  }

  /** Closes what is idle and what is being dialed for nobody; what returns before the next request is closed, too. */
  closeIdleConnections(): void {
    this.#refusesReturns = true;
    while (this.#idle.oldest !== undefined) this.#idle.oldest.item.discard("closeIdleConnections");
    for (const dial of [...this.#dials]) {
      if (dial.waiter.settled) this.#abandonDial(dial);
    }
  }

  /** Closes every connection and fails every request. */
  close(): void {
    this.#closed = true;
    for (const host of this.#hosts.values()) {
      for (let waiter = HostPool.shiftLive(host.waiters); waiter; waiter = HostPool.shiftLive(host.waiters)) {
        this.cancelWaiter(waiter, transportClosed("pool"));
      }
    }
    for (const dial of [...this.#dials]) this.#abandonDial(dial);
    for (const connection of [...this.#connections]) connection.fail(transportClosed("body"), "transportClosed");
    this.#idleTimer?.clear();
    this.#dialTimer?.clear();
    this.#sleepTimer?.clear();
  }

  census(): Census {
    return {
      live: this.counts.inUse + this.counts.idle,
      dialing: this.counts.dialing,
      inUse: this.counts.inUse,
      idle: this.counts.idle,
      waiting: this.counts.waiting,
      readLoops: this.readLoops.toRecord(),
      writeLoops: this.writeLoops.toRecord(),
      totals: { dialed: this.dialed, reused: this.reused, retried: this.retried, closed: { ...this.#closedBy } },
    };
  }

  // --- from a waiter

  cancelWaiter(waiter: Waiter, error: TransportError): void {
    if (waiter.settled) return;
    this.#settle(waiter);
    fail(waiter.exchange, error); // its dial goes on, for others
  }

  // --- from a dial

  dialSucceeded(dial: Dial, socket: Socket, tls: TlsState | undefined): void {
    if (!this.#forgetDial(dial)) {
      socket.destroy();
      return;
    }
    const connection = new PersistentConnection(this, dial.host, socket, tls);
    this.#connections.add(connection);
    this.dialed += 1;
    this.counts.inUse += 1;
    if (!dial.waiter.settled) {
      this.#settle(dial.waiter);
      this.#deliver(connection, dial.waiter.exchange, false);
      return;
    }
    const refused = this.tryPutIdle(connection, false);
    if (refused !== undefined) connection.discard(refused);
  }

  dialFailed(dial: Dial, error: TransportError): void {
    if (!this.#forgetDial(dial)) return;
    const { waiter, host } = dial;
    const wanted = !waiter.settled;
    if (wanted) this.#settle(waiter);
    this.#freeSlot(host);
    if (wanted) fail(waiter.exchange, error);
  }

  // --- from a connection

  tryPutIdle(connection: PersistentConnection, timed: boolean): string | undefined {
    const { disableKeepAlives, maxIdleConnsPerHost, maxIdleConns, idleConnTimeoutMs, clock } = this.settings;
    if (disableKeepAlives || maxIdleConnsPerHost < 0) return "keepAlivesDisabled";
    connection.reused = true;
    const { host } = connection;
    const waiter = HostPool.shiftLive(host.waiters);
    if (waiter !== undefined) {
      this.#settle(waiter);
      this.#deliver(connection, waiter.exchange, false);
      return undefined;
    }
    if (this.#refusesReturns) return "closeIdleConnections";
    if (host.idle.size >= maxIdleConnsPerHost) return "maxIdleConnsPerHost";
    this.#move(connection, IDLE);
    if (connection.pipeline !== undefined) host.roomy.remove(connection.pipeline.place);
    const place = connection.idlePlace ??= new IdlePlace(connection);
    place.sinceMs = timed || idleConnTimeoutMs > 0 ? clock.nowMs() : 0;
    host.idle.add(place.inHost);
    this.#idle.add(place.byAge);
    if (this.#idle.size > maxIdleConns) this.#idle.oldest!.item.discard("maxIdleConns");
    if (idleConnTimeoutMs > 0 && this.#idleTimer === undefined) this.#armIdleTimer(idleConnTimeoutMs);
    if (this.#sleepTimer === undefined) this.#armSleepTimer();
    return undefined;
  }

  closed(connection: PersistentConnection, reason: string): void {
    if (connection.idlePlace !== undefined) this.#unlist(connection.idlePlace);
    if (connection.pipeline !== undefined) connection.host.roomy.remove(connection.pipeline.place);
    this.#move(connection, CLOSED);
    this.#closedBy[reason] = (this.#closedBy[reason] ?? 0) + 1;
    this.#connections.delete(connection);
    this.#freeSlot(connection.host);
  }

  roomMade(connection: PersistentConnection): void {
    const { waiters } = connection.host;
    while (connection.hasRoom) {
      if (HostPool.peekLive(waiters)?.exchange.request?.pipelinable !== true) break;
      const waiter = HostPool.shiftLive(waiters)!;
      this.#settle(waiter);
      this.#join(connection, waiter.exchange);
    }
    this.#noteRoom(connection);
  }

  /** Tries again where Go's `shouldRetryRequest` would, else fails the exchange. */
  exchangeFailed(exchange: Exchange, error: TransportError, loss: Loss, reused: boolean): void {
    const request = exchange.request!;
    const upload = exchange.upload;
    const again = loss === "nothingWritten"
      ? upload === undefined || request.streamedBody?.getBody !== undefined
      : loss === "firstByteRead" && request.replayable;
    if (!again || !reused || this.#closed) {
      fail(exchange, error);
      return;
    }
    this.retried += 1;
    upload?.rewind();
    this.acquire(exchange, request);
  }

  // --- inside

  #hostFor(route: Route): HostPool<PersistentConnection> {
    let host = this.#hosts.get(route.key);
    if (host === undefined) {
      host = new HostPool(route);
      this.#hosts.set(route.key, host);
    }
    return host;
  }

  /** The most recently used idle connection; one past the idle timeout is closed instead, should its timer be late. */
  #takeIdle(route: Route): PersistentConnection | undefined {
    const host = this.#hosts.get(route.key);
    if (host === undefined) return undefined;
    const { idleConnTimeoutMs, clock } = this.settings;
    for (let link = host.idle.newest; link !== undefined; link = host.idle.newest) {
      const connection = link.item;
      const place = connection.idlePlace!;
      if (idleConnTimeoutMs === 0 || clock.nowMs() - place.sinceMs < idleConnTimeoutMs) {
        this.#unlist(place);
        if (place.asleep) {
          place.asleep = false;
          connection.wake();
        }
        return connection;
      }
      connection.discard("idleTimeout");
    }
    return undefined;
  }

  #deliver(connection: PersistentConnection, exchange: Exchange, wasIdle: boolean): void {
    this.#move(connection, IN_USE);
    if (connection.reused) this.reused += 1;
    if (connection.pipeline === undefined) {
      connection.start(exchange, exchange.request!, wasIdle);
      return;
    }
    const corked = connection.cork();
    connection.start(exchange, exchange.request!, wasIdle);
    if (corked) connection.uncork();
  }

  /** Sends a request behind those of a connection in use; false: none has room after all. */
  #joinAny({ roomy }: HostPool<PersistentConnection>, exchange: Exchange): boolean {
    for (let link = roomy.newest; link !== undefined; link = roomy.newest) {
      const connection = link.item;
      const room = connection.hasRoom;
      if (room) this.#join(connection, exchange);
      this.#noteRoom(connection);
      if (room) return true;
    }
    return false;
  }

  #join(connection: PersistentConnection, exchange: Exchange): void {
    this.reused += 1;
    connection.join(exchange, exchange.request!);
  }

  #noteRoom(connection: PersistentConnection): void {
    const { roomy } = connection.host;
    const { place } = connection.pipeline!;
    if (!connection.hasRoom) roomy.remove(place);
    else if (!place.listed) roomy.add(place);
  }

  /** The exchange waits meanwhile, so that the hook may cancel it; false: it did. */
  #tellGetConn(exchange: Exchange, route: Route): boolean {
    const waiter = new Waiter(exchange, this);
    exchange.carrier = waiter;
    this.counts.waiting += 1;
    exchange.trace!.getConn!(hostPort(route.peer.host, route.peer.port)); // what would be dialed
    if (waiter.settled) return false;
    this.#settle(waiter);
    return true;
  }

  #settle(waiter: Waiter): void {
    waiter.settled = true;
    waiter.exchange.carrier = undefined;
    this.counts.waiting -= 1;
  }

  #dial(host: HostPool<PersistentConnection>, waiter: Waiter): void {
    const dial = new Dial(this, host, waiter);
    host.connections += 1;
    this.counts.dialing += 1;
    this.#dials.add(dial);
    this.#armDialTimer(this.settings.dialTimeoutMs);
    dial.start();
  }

  /** False: it was given up before, by a hook that the dial called on its way. */
  #forgetDial(dial: Dial): boolean {
    if (!this.#dials.delete(dial)) return false;
    this.counts.dialing -= 1;
    return true;
  }

  #abandonDial(dial: Dial): void {
    if (!this.#forgetDial(dial)) return;
    dial.abandon();
    this.#freeSlot(dial.host);
  }

  /** A connection of the host is gone: those whom `maxConnsPerHost` kept from dialing may. */
  #freeSlot(host: HostPool<PersistentConnection>): void {
    host.connections -= 1;
    while (host.connections < this.settings.maxConnsPerHost) {
      const next = HostPool.shiftLive(host.dialQueue);
      if (next === undefined) break;
      this.#dial(host, next);
    }
    if (host.connections === 0 && host.isUnwanted()) this.#hosts.delete(host.route.key);
  }

  /** One timer for all dials, since all have the same limit; a dial's socket keeps the process alive, not its timer. */
  #armDialTimer(delayMs: number): void {
    const { clock, dialTimeoutMs } = this.settings;
    if (this.#dialTimer !== undefined || dialTimeoutMs === 0) return;
    this.#dialTimer = clock.setTimer(delayMs, () => {
      const dueMs = clock.nowMs() - dialTimeoutMs;
      let next: Dial | undefined;
      for (const dial of this.#dials) {
        if (!dial.connecting) continue;
        if (dial.startedMs > dueMs) {
          next = dial;
          break;
        }
        dial.timeOut(); // whoever dials anew meanwhile finds the timer armed, and is `next` at the latest
      }
      this.#dialTimer = undefined;
      if (next !== undefined) this.#armDialTimer(Math.max(1, next.startedMs - dueMs));
    }, false);
  }

  #unlist({ inHost, byAge }: IdlePlace): void {
    inHost.item.host.idle.remove(inHost);
    this.#idle.remove(byAge);
  }

  /** One timer for all: it wakes when the oldest idle connection is due, and keeps no process alive. */
  #armIdleTimer(delayMs: number): void {
    this.#idleTimer = this.settings.clock.setTimer(delayMs, () => {
      this.#idleTimer = undefined;
      const { idleConnTimeoutMs, clock } = this.settings;
      const dueMs = clock.nowMs() - idleConnTimeoutMs;
      for (let link = this.#idle.oldest; link !== undefined; link = this.#idle.oldest) {
        const { sinceMs } = link.item.idlePlace!;
        if (sinceMs > dueMs) {
          this.#armIdleTimer(Math.max(1, sinceMs - dueMs));
          return;
        }
        link.item.discard("idleTimeout");
      }
    }, false);
  }

  /** An idle connection keeps no process alive. That takes two calls to the runtime, so those idle for a moment are spared. */
  #armSleepTimer(): void {
    this.#sleepTimer = this.settings.clock.setTimer(SLEEP_AFTER_MS, () => {
      this.#sleepTimer = undefined;
      for (let link = this.#idle.newest; link !== undefined; link = link.older) {
        const place = link.item.idlePlace!;
        if (place.asleep) return; // and so are all older ones
        place.asleep = true;
        link.item.sleep();
      }
    });
  }

  #move(connection: PersistentConnection, to: number): void {
    const from = connection.place;
    if ((PLACE_MOVES[from]! & (1 << to)) === 0) {
      throw new Error(`connection: ${PLACES[from]} → ${PLACES[to]} is no move`);
    }
    this.#count(from, -1);
    this.#count(to, 1);
    connection.place = to;
  }

  #count(place: number, change: 1 | -1): void {
    if (place === IN_USE) this.counts.inUse += change;
    else if (place === IDLE) this.counts.idle += change;
  }
}

/** The last word to an exchange; its body's source is closed, too. */
function fail(exchange: Exchange, error: TransportError): void {
  exchange.upload?.stop();
  exchange.onError(error);
}

function transportClosed(phase: "pool" | "body"): TransportError {
  return new TransportError("transport closed", { code: "transportClosed", side: "local", phase });
}

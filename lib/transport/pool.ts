// The pool of connections, after Go's `Transport.getConn`, `tryPutIdleConn`, `dialConnFor` and `decConnsPerHost`.
//
// Late binding: a request takes the most recently used idle connection; where there is none it waits in its host's
// queue and, unless `maxConnsPerHost` forbids it, starts a dial. What comes first serves it, a returning connection or
// its own dial; a dial that finds its request already served becomes an idle connection, or serves the next in line.

import type { Timer } from "../core/clock.ts";
import { Link, LinkedList } from "../core/linked_list.ts";
import type { SocketError } from "../socket/socket_error.ts";
import type { Census } from "./census.ts";
import type { Exchange } from "./exchange.ts";
import { HostPool } from "./host_pool.ts";
import { LoopCensus } from "./loop_census.ts";
import type { Settings } from "./options.ts";
import { type ConnectionOwner, PersistentConnection, type Place, type Traffic } from "./persistent_connection.ts";
import type { PreparedRequest } from "./prepared_request.ts";
import { READ_LOOP_STATES } from "./read_loop.ts";
import type { Trace } from "./trace.ts";
import { TransportError } from "./transport_error.ts";
import { Waiter, type WaiterOwner } from "./waiter.ts";
import { WRITE_LOOP_STATES } from "./write_loop.ts";

/** A dial in progress: whose it is, and since when. */
interface Dial {
  readonly waiter: Waiter;
  /** Of the request that started the dial; kept here, since the exchange may serve another request meanwhile. */
  readonly trace: Trace | undefined;
  readonly startedMs: number;
}

/** How many connections stand where, and how many requests have none. */
export interface Counts extends Record<Place, number> {
  waiting: number;
}

export class Pool implements ConnectionOwner, WaiterOwner {
  readonly settings: Settings;
  readonly readLoops: LoopCensus = new LoopCensus(READ_LOOP_STATES);
  readonly writeLoops: LoopCensus = new LoopCensus(WRITE_LOOP_STATES);
  readonly traffic: Traffic = { bytesSent: 0, bytesReceived: 0 };
  readonly counts: Counts = { dialing: 0, inUse: 0, idle: 0, closed: 0, waiting: 0 };
  dialed = 0;
  reused = 0;
  retried = 0;
  readonly #closedBy: Record<string, number> = {};
  readonly #hosts: Map<string, HostPool> = new Map();
  readonly #hostOf: Map<PersistentConnection, HostPool> = new Map();
  /** Oldest first. */
  readonly #dials: Map<PersistentConnection, Dial> = new Map();
  #dialTimer: Timer | undefined = undefined;
  /** All idle connections by the time they became so. */
  readonly #idle: LinkedList<PersistentConnection> = new LinkedList();
  #idleTimer: Timer | undefined = undefined;
  /** `closeIdleConnections` was called, and nobody asked for a connection since. */
  #refusesReturns = false;
  #closed = false;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** Finds the exchange a connection, now or later, and starts its request there (Go, `getConn`). */
  acquire(exchange: Exchange, request: PreparedRequest): void {
    if (this.#closed) {
      exchange.onError(transportClosed("pool"));
      return;
    }
    this.#refusesReturns = false;
    const host = this.#hostFor(request);
    exchange.trace?.getConn?.(`${request.host}:${request.port}`);
    const connection = this.#takeIdle(host);
    if (connection !== undefined) {
      this.#deliver(connection, exchange, true);
      return;
    }
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
    for (const [connection, dial] of [...this.#dials]) {
      if (dial.waiter.settled) this.#abandonDial(connection);
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
    for (const connection of [...this.#dials.keys()]) this.#abandonDial(connection);
    for (const connection of [...this.#hostOf.keys()]) connection.fail(transportClosed("body"), "transportClosed");
    this.#idleTimer?.clear();
    this.#dialTimer?.clear();
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
    waiter.exchange.onError(error); // its dial goes on, for others
  }

  // --- from a connection

  opened(connection: PersistentConnection): void {
    const dial = this.#endDial(connection)!;
    this.dialed += 1;
    this.#move(connection, "inUse");
    this.#traceDial(dial, connection, undefined);
    if (!dial.waiter.settled) {
      this.#settle(dial.waiter);
      this.#deliver(connection, dial.waiter.exchange, false);
      return;
    }
    const refused = this.tryPutIdle(connection);
    if (refused !== undefined) connection.discard(refused);
  }

  dialFailed(connection: PersistentConnection, error: SocketError | undefined): void {
    const code = error?.code ?? "ECONNRESET";
    this.#failDial(connection, `dial: ${error?.message ?? "the connection closed before it opened"}`, code, error);
  }

  tryPutIdle(connection: PersistentConnection): string | undefined {
    const { disableKeepAlives, maxIdleConnsPerHost, maxIdleConns, idleConnTimeoutMs, clock } = this.settings;
    if (disableKeepAlives || maxIdleConnsPerHost < 0) return "keepAlivesDisabled";
    connection.reused = true;
    const host = this.#hostOf.get(connection)!;
    const waiter = HostPool.shiftLive(host.waiters);
    if (waiter !== undefined) {
      this.#settle(waiter);
      this.#deliver(connection, waiter.exchange, false);
      return undefined;
    }
    if (this.#refusesReturns) return "closeIdleConnections";
    if (host.idle.size >= maxIdleConnsPerHost) return "maxIdleConnsPerHost";
    this.#move(connection, "idle");
    host.idle.add(connection.hostLink ??= new Link(connection));
    this.#idle.add(connection.ageLink ??= new Link(connection));
    if (this.#idle.size > maxIdleConns) this.#idle.oldest!.item.discard("maxIdleConns");
    if (idleConnTimeoutMs > 0) {
      connection.idleSinceMs = clock.nowMs();
      if (this.#idleTimer === undefined) this.#armIdleTimer(idleConnTimeoutMs);
    }
    return undefined;
  }

  closed(connection: PersistentConnection, reason: string): void {
    this.#unlist(connection);
    this.#move(connection, "closed");
    this.#closedBy[reason] = (this.#closedBy[reason] ?? 0) + 1;
    this.#freeSlot(connection);
  }

  /** Tries again where Go's `shouldRetryRequest` would, else fails the exchange. */
  exchangeFailed(exchange: Exchange, error: TransportError, reason: string, reused: boolean): void {
    const request = exchange.request!;
    if (reason === "firstByteRead" && reused && request.replayable && !this.#closed) {
      this.retried += 1;
      this.acquire(exchange, request);
      return;
    }
    exchange.onError(error);
  }

  // --- inside

  #hostFor(request: PreparedRequest): HostPool {
    let host = this.#hosts.get(request.poolKey);
    if (host === undefined) {
      const path = this.settings.unixSocket;
      host = new HostPool(request.poolKey, path === undefined ? { host: request.host, port: request.port } : { path });
      this.#hosts.set(request.poolKey, host);
    }
    return host;
  }

  /** The most recently used idle connection; one past the idle timeout is closed instead, should its timer be late. */
  #takeIdle(host: HostPool): PersistentConnection | undefined {
    const { idleConnTimeoutMs, clock } = this.settings;
    for (let link = host.idle.newest; link !== undefined; link = host.idle.newest) {
      if (idleConnTimeoutMs === 0 || clock.nowMs() - link.item.idleSinceMs < idleConnTimeoutMs) {
        this.#unlist(link.item);
        return link.item;
      }
      link.item.discard("idleTimeout");
    }
    return undefined;
  }

  #deliver(connection: PersistentConnection, exchange: Exchange, wasIdle: boolean): void {
    this.#move(connection, "inUse");
    if (connection.reused) this.reused += 1;
    const gotConn = exchange.trace?.gotConn;
    if (gotConn !== undefined) {
      const idleTimeMs = wasIdle && this.settings.idleConnTimeoutMs > 0
        ? this.settings.clock.nowMs() - connection.idleSinceMs
        : 0;
      gotConn({ reused: connection.reused, wasIdle, idleTimeMs });
    }
    connection.start(exchange, exchange.request!);
  }

  #settle(waiter: Waiter): void {
    waiter.settled = true;
    waiter.exchange.carrier = undefined;
    this.counts.waiting -= 1;
  }

  #dial(host: HostPool, waiter: Waiter): void {
    const { adapter, clock, dialTimeoutMs } = this.settings;
    const connection = new PersistentConnection(this);
    host.connections += 1;
    this.counts.dialing += 1;
    this.#hostOf.set(connection, host);
    this.#dials.set(connection, {
      waiter,
      trace: waiter.exchange.trace,
      startedMs: clock.nowMs(),
    });
    this.#armDialTimer(dialTimeoutMs);
    waiter.exchange.trace?.connectStart?.(host.address);
    connection.attach(adapter.dial(host.address, connection));
  }

  #endDial(connection: PersistentConnection): Dial | undefined {
    const dial = this.#dials.get(connection);
    this.#dials.delete(connection);
    return dial;
  }

  #failDial(connection: PersistentConnection, message: string, code: string, cause: SocketError | undefined): void {
    const dial = this.#endDial(connection)!;
    this.#move(connection, "closed");
    const error = new TransportError(message, { code, side: "remote", phase: "dial", cause });
    this.#traceDial(dial, connection, error);
    this.#freeSlot(connection);
    if (dial.waiter.settled) return;
    this.#settle(dial.waiter);
    dial.waiter.exchange.onError(error);
  }

  #abandonDial(connection: PersistentConnection): void {
    connection.abandon();
    this.#endDial(connection);
    this.#move(connection, "closed");
    this.#freeSlot(connection);
  }

  #traceDial(dial: Dial, connection: PersistentConnection, error: TransportError | undefined): void {
    if (dial.trace?.connectDone === undefined) return;
    const elapsedMs = this.settings.clock.nowMs() - dial.startedMs;
    dial.trace.connectDone({ address: this.#hostOf.get(connection)!.address, elapsedMs, error });
  }

  /** A connection of the host is gone: those whom `maxConnsPerHost` kept from dialing may. */
  #freeSlot(connection: PersistentConnection): void {
    const host = this.#hostOf.get(connection)!;
    this.#hostOf.delete(connection);
    host.connections -= 1;
    while (host.connections < this.settings.maxConnsPerHost) {
      const next = HostPool.shiftLive(host.dialQueue);
      if (next === undefined) break;
      this.#dial(host, next);
    }
    if (host.connections === 0 && host.waiters.size === 0 && this.#hosts.get(host.key) === host) {
      this.#hosts.delete(host.key);
    }
  }

  /** One timer for all dials, since all have the same limit; a dial's socket keeps the process alive, not its timer. */
  #armDialTimer(delayMs: number): void {
    if (this.#dialTimer !== undefined) return;
    const { clock, dialTimeoutMs } = this.settings;
    this.#dialTimer = clock.setTimer(delayMs, () => {
      this.#dialTimer = undefined;
      const dueMs = clock.nowMs() - dialTimeoutMs;
      for (const [connection, dial] of this.#dials) {
        if (dial.startedMs > dueMs) {
          this.#armDialTimer(Math.max(1, dial.startedMs - dueMs));
          return;
        }
        connection.abandon();
        this.#failDial(connection, `dial: i/o timeout after ${dialTimeoutMs} ms`, "ETIMEDOUT", undefined);
      }
    }, false);
  }

  #unlist(connection: PersistentConnection): void {
    if (connection.hostLink === undefined || connection.ageLink === undefined) return;
    this.#hostOf.get(connection)!.idle.remove(connection.hostLink);
    this.#idle.remove(connection.ageLink);
  }

  /** One timer for all: it wakes when the oldest idle connection is due, and keeps no process alive. */
  #armIdleTimer(delayMs: number): void {
    this.#idleTimer = this.settings.clock.setTimer(delayMs, () => {
      this.#idleTimer = undefined;
      const { idleConnTimeoutMs, clock } = this.settings;
      const dueMs = clock.nowMs() - idleConnTimeoutMs;
      for (let link = this.#idle.oldest; link !== undefined; link = this.#idle.oldest) {
        if (link.item.idleSinceMs > dueMs) {
          this.#armIdleTimer(Math.max(1, link.item.idleSinceMs - dueMs));
          return;
        }
        link.item.discard("idleTimeout");
      }
    }, false);
  }

  #move(connection: PersistentConnection, place: Place): void {
    this.counts[connection.place] -= 1;
    this.counts[place] += 1;
    connection.place = place;
  }
}

function transportClosed(phase: "pool" | "body"): TransportError {
  return new TransportError("transport closed", { code: "transportClosed", side: "local", phase });
}

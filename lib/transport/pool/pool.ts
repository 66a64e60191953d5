// The pool of connections, after Go's `Transport.getConn`, `tryPutIdleConn`, `dialConnFor` and `decConnsPerHost`. It knows
// no protocol: `connection.ts` is all that it sees of one.
//
// Late binding: a request takes the most recently used idle connection; where there is none it waits in its host's
// queue and, unless `maxConnsPerHost` forbids it, starts a dial. What comes first serves it, a returning connection or
// its own dial; a dial that finds its request already served becomes an idle connection, or serves the next in line.

import { ListLink } from "../../core/linked_list.ts";
import { Roster } from "../../core/roster.ts";
import type { Socket } from "../../socket/socket.ts";
import type { TlsState } from "../../socket/tls.ts";
import type { Counts, Totals } from "../census.ts";
import type { CloseReason } from "../close_reason.ts";
import { Dial, type DialOwner } from "../dial/dial.ts";
import { Dials } from "../dial/dials.ts";
import type { Settings } from "../options/options.ts";
import { type Exchange, fail } from "../request/exchange.ts";
import type { PreparedRequest } from "../request/prepared_request.ts";
import { hostPort, type Route } from "../request/route.ts";
import type { GotConnInfo } from "../trace.ts";
import { TransportError } from "../transport_error.ts";
import type { Connect, Loss } from "./connection.ts";
import { Entry, type EntryOwner } from "./entry.ts";
import { FRESH, HANDED_OVER, idleFor, WAS_IDLE } from "./got_conn.ts";
import { HostPool } from "./host_pool.ts";
import { IdleList } from "./idle_list.ts";
import { CLOSED, IDLE, IN_USE, PLACE_MOVES, PLACES } from "./place.ts";
import { mayRetry } from "./retry.ts";
import { type SilenceOwner, startInSilence } from "./silence.ts";
import { Waiter } from "./waiter.ts";

/** What a dial is for. */
export interface DialTicket {
  readonly host: HostPool<Entry>;
  /** Who started it, and gets the connection unless served meanwhile. */
  readonly waiter: Waiter;
}

export class Pool implements EntryOwner, SilenceOwner, DialOwner<DialTicket> {
  readonly settings: Settings;
  hasty: string | undefined = undefined;
  readonly counts: Counts = { dialing: 0, inUse: 0, idle: 0, waiting: 0 };
  readonly #connect: Connect;
  readonly #hosts: Map<string, HostPool<Entry>> = new Map();
  readonly #entries: Roster<Entry> = new Roster();
  readonly #idle: IdleList;
  readonly #dials: Dials<DialTicket>;
  #dialed = 0;
  #reused = 0;
  #retried = 0;
  readonly #closedBy: Record<string, number> = {};
  /** `closeIdleConnections` was called, and nobody asked for a connection since. */
  #refusesReturns = false;
  #closed = false;

  constructor(settings: Settings, connect: Connect) {
    this.settings = settings;
    this.#connect = connect;
    this.#idle = new IdleList(settings);
    this.#dials = new Dials(settings);
  }

  /** Finds the exchange a connection, now or later, and starts its request there (Go, `getConn`). */
  acquire(exchange: Exchange, request: PreparedRequest): void {
    if (exchange.trace?.getConn !== undefined && !this.#tellGetConn(exchange, request.route)) return;
    if (this.#closed) {
      fail(exchange, transportClosed("pool"));
      return;
    }
    this.#refusesReturns = false;
    let host = this.#hostFor(request.route);
    const idle = this.#idle.newestOf(host);
    if (idle !== undefined) {
      this.#deliver(idle, exchange, this.#gotIdle(idle, exchange));
      return;
    }
    if (host.connections === 0) host = this.#hostFor(request.route); // it may have gone with the last of them
    if (host.roomy.size > 0 && this.#joinAny(host, exchange, request)) return;
    const waiter = new Waiter(exchange, this.counts);
    HostPool.enqueue(host.waiters, waiter);
    if (host.connections < this.settings.maxConnsPerHost) this.#dial(host, waiter);
    else HostPool.enqueue(host.dialQueue, waiter);
  }

  /** Closes what is idle and what is being dialed for nobody; what returns before the next request is closed, too. */
  closeIdleConnections(): void {
    this.#refusesReturns = true;
    this.#idle.discardAll("closeIdleConnections");
    for (const dial of this.#dials.all()) {
      if (dial.ticket.waiter.settled) this.#abandonDial(dial);
    }
  }

  /** Closes every connection and fails every request. */
  close(): void {
    this.#closed = true;
    for (const host of this.#hosts.values()) {
      for (let waiter = HostPool.shiftLive(host.waiters); waiter; waiter = HostPool.shiftLive(host.waiters)) {
        waiter.cancel(transportClosed("pool"));
      }
    }
    for (const dial of this.#dials.all()) this.#abandonDial(dial);
    for (const { connection } of this.#entries.all()) connection.fail(transportClosed("body"), "transportClosed");
    this.#dials.stop();
    this.#idle.stop();
  }

  /** What came of connections and requests so far. */
  totals(): Totals {
    return { dialed: this.#dialed, reused: this.#reused, retried: this.#retried, closed: { ...this.#closedBy } };
  }

  // --- from a dial

  dialSucceeded(dial: Dial<DialTicket>, socket: Socket, tls: TlsState | undefined): void {
    if (!this.#forgetDial(dial)) {
      socket.destroy();
      return;
    }
    const { host, waiter } = dial.ticket;
    const entry = new Entry(this, host, this.#connect, socket, tls);
    this.#entries.add(entry);
    this.#dialed += 1;
    this.counts.inUse += 1;
    if (!waiter.settled) {
      waiter.settle();
      this.#deliver(entry, waiter.exchange, FRESH);
      return;
    }
    this.giveBack(entry);
  }

  dialFailed(dial: Dial<DialTicket>, error: TransportError): void {
    if (!this.#forgetDial(dial)) return;
    const { waiter, host } = dial.ticket;
    const wanted = !waiter.settled;
    if (wanted) waiter.settle();
    this.#freeSlot(host);
    if (wanted) fail(waiter.exchange, error);
  }

  // --- from a connection

  /** Gives the connection to the next request, or keeps it idle (Go, `tryPutIdleConn`); a word: neither, and why. */
  release(entry: Entry, timed: boolean, telling: boolean): CloseReason | undefined {
    const { disableKeepAlives, maxIdleConnsPerHost } = this.settings;
    if (disableKeepAlives || maxIdleConnsPerHost < 0) return "keepAlivesDisabled";
    entry.reused = true;
    const { host } = entry;
    const waiter = HostPool.shiftLive(host.waiters);
    if (waiter !== undefined) {
      waiter.settle();
      this.#deliver(entry, waiter.exchange, HANDED_OVER);
      return undefined;
    }
    if (this.#refusesReturns) return "closeIdleConnections";
    if (this.#idle.countOf(host) >= maxIdleConnsPerHost) return "maxIdleConnsPerHost";
    this.#move(entry, IDLE);
    this.#idle.add(entry, timed, telling);
    return undefined;
  }

  told(): void {
    this.#idle.told();
  }

  closed(entry: Entry, reason: CloseReason): void {
    this.#move(entry, CLOSED);
    this.#closedBy[reason] = (this.#closedBy[reason] ?? 0) + 1;
    this.#entries.remove(entry);
    this.#freeSlot(entry.host);
  }

  roomMade(entry: Entry): void {
    const { host: { waiters }, connection } = entry;
    while (waiters.size > 0 && connection.hasRoom) {
      const request = HostPool.peekLive(waiters)?.exchange.request;
      if (request === undefined || !connection.admits(request)) break;
      const waiter = HostPool.shiftLive(waiters)!;
      waiter.settle();
      this.start(entry, waiter.exchange, HANDED_OVER);
    }
    this.#noteRoom(entry);
  }

  /** Sends it again where that is safe, else fails it. */
  exchangeFailed(exchange: Exchange, error: TransportError, loss: Loss, reused: boolean): void {
    if (reused && loss === "firstByteRead") this.hasty = exchange.request!.route.key;
    if (this.#closed || !mayRetry(exchange, loss, reused)) return fail(exchange, error);
    this.#retried += 1;
    exchange.upload?.rewind();
    this.acquire(exchange, exchange.request!);
  }

  // --- from a request that listens

  start(entry: Entry, exchange: Exchange, got: GotConnInfo): void {
    if (got.reused) this.#reused += 1;
    entry.connection.start(exchange, exchange.request!, got);
  }

  giveBack(entry: Entry): void {
    const refused = this.release(entry, false, false);
    if (refused !== undefined) entry.connection.discard(refused);
  }

  // --- inside

  #hostFor(route: Route): HostPool<Entry> {
    let host = this.#hosts.get(route.key);
    if (host === undefined) {
      host = new HostPool(route);
      this.#hosts.set(route.key, host);
    }
    return host;
  }

  /** Starts the exchange on a connection that is new, was idle, or has just come back. */
  #deliver(entry: Entry, exchange: Exchange, got: GotConnInfo): void {
    this.#move(entry, IN_USE);
    if (got.reused) startInSilence(this, entry, exchange, got);
    else this.start(entry, exchange, got);
  }

  #gotIdle({ idleSinceMs }: Entry, { trace }: Exchange): GotConnInfo {
    if (trace?.gotConn === undefined || idleSinceMs === 0) return WAS_IDLE;
    return idleFor(this.settings.clock.nowMs() - idleSinceMs);
  }

  /** Sends a request beside those of a connection in use; false: none has room after all. */
  #joinAny({ roomy }: HostPool<Entry>, exchange: Exchange, request: PreparedRequest): boolean {
    for (let link = roomy.newest; link !== undefined; link = roomy.newest) {
      const entry = link.item;
      if (!entry.connection.admits(request)) return false;
      if (entry.connection.hasRoom) {
        this.start(entry, exchange, HANDED_OVER);
        if (!link.listed) this.#noteRoom(entry); // a hook found no room while the request was being written
        return true;
      }
      roomy.remove(link);
    }
    return false;
  }

  /** One without room stays where it is until somebody wants it. */
  #noteRoom(entry: Entry): void {
    if (!entry.connection.hasRoom) return;
    const link = entry.roomy ??= new ListLink(entry);
    if (!link.listed) entry.host.roomy.add(link);
  }

  /** The exchange waits meanwhile, so that the hook may cancel it; false: it did. */
  #tellGetConn(exchange: Exchange, route: Route): boolean {
    const waiter = new Waiter(exchange, this.counts);
    exchange.trace!.getConn!(hostPort(route.peer.host, route.peer.port)); // what would be dialed
    if (waiter.settled) return false;
    waiter.settle();
    return true;
  }

  #dial(host: HostPool<Entry>, waiter: Waiter): void {
    const dial = new Dial(this, { route: host.route, trace: waiter.exchange.trace, ticket: { host, waiter } });
    host.connections += 1;
    this.counts.dialing += 1;
    this.#dials.start(dial);
  }

  /** False: it was given up before, by a hook that the dial called on its way. */
  #forgetDial(dial: Dial<DialTicket>): boolean {
    if (!this.#dials.delete(dial)) return false;
    this.counts.dialing -= 1;
    return true;
  }

  #abandonDial(dial: Dial<DialTicket>): void {
    if (!this.#forgetDial(dial)) return;
    dial.abandon();
    this.#freeSlot(dial.ticket.host);
  }

  /** A connection of the host is gone: those whom `maxConnsPerHost` kept from dialing may. */
  #freeSlot(host: HostPool<Entry>): void {
    host.connections -= 1;
    while (host.connections < this.settings.maxConnsPerHost) {
      const next = HostPool.shiftLive(host.dialQueue);
      if (next === undefined) break;
      this.#dial(host, next);
    }
    if (host.connections === 0 && host.isUnwanted()) this.#hosts.delete(host.route.key);
  }

  /** Moves a connection to another place: out of the lists where it stands, and from one count to the other. */
  #move(entry: Entry, to: number): void {
    const { place: from, host, roomy } = entry;
    if ((PLACE_MOVES[from]! & (1 << to)) === 0) {
      throw new Error(`connection: ${PLACES[from]} → ${PLACES[to]} is no move`);
    }
    if (from === to) return;
    entry.place = to;
    if (from === IDLE) {
      this.counts.idle -= 1;
      this.#idle.remove(entry);
    } else {
      this.counts.inUse -= 1;
      if (roomy !== undefined) host.roomy.remove(roomy);
    }
    if (to === IDLE) this.counts.idle += 1;
    else if (to === IN_USE) {
      this.counts.inUse += 1;
      this.#idle.wake(entry);
    }
  }
}

function transportClosed(phase: "pool" | "body"): TransportError {
  return new TransportError("transport closed", { code: "transportClosed", side: "local", phase });
}

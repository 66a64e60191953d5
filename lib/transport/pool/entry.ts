// What the pool knows of one connection, and the connection's way to tell the pool something. Only the pool writes here.

import { ListLink } from "../../core/linked_list.ts";
import type { Member } from "../../core/roster.ts";
import type { Socket } from "../../socket/socket.ts";
import type { TlsState } from "../../socket/tls.ts";
import type { CloseReason } from "../close_reason.ts";
import type { Exchange } from "../request/exchange.ts";
import type { TransportError } from "../transport_error.ts";
import type { Connect, Connection, ConnectionOwner, Loss } from "./connection.ts";
import type { HostPool } from "./host_pool.ts";
import { IN_USE } from "./place.ts";

/** The pool, to its entries. */
export interface EntryOwner {
  release(entry: Entry, timed: boolean, telling: boolean): CloseReason | undefined;
  told(): void;
  roomMade(entry: Entry): void;
  closed(entry: Entry, reason: CloseReason): void;
  exchangeFailed(exchange: Exchange, error: TransportError, loss: Loss, reused: boolean): void;
}

/** What an entry needs to be in the lists of idle ones. */
export class IdleLinks {
  /** In its host's idle list. */
  readonly inHost: ListLink<Entry>;
  /** In the list of all, by the time they became idle. */
  readonly byAge: ListLink<Entry>;
  /** The connection does not keep the process alive. */
  asleep = false;

  constructor(entry: Entry) {
    this.inHost = new ListLink(entry);
    this.byAge = new ListLink(entry);
  }
}

export class Entry implements ConnectionOwner, Member {
  seat = 0;
  readonly host: HostPool<Entry>;
  readonly connection: Connection;
  /** Moved by the pool's `#move` alone. */
  place = IN_USE;
  /** It carried a request before, or was idle. */
  reused = false;
  /** When it became idle last; 0: nobody wants to know, or `told` is still to come. */
  idleSinceMs = 0;
  /** Made when it first joins the lists of idle ones, as a held one never does. */
  idle: IdleLinks | undefined = undefined;
  /** Among its host's connections in use that have room. Made when it first has, as one that carries a single exchange never has. */
  roomy: ListLink<Entry> | undefined = undefined;
  readonly #owner: EntryOwner;

  /** Of a socket that was opened for this host. */
  constructor(owner: EntryOwner, host: HostPool<Entry>, connect: Connect, socket: Socket, tls: TlsState | undefined) {
    this.#owner = owner;
    this.host = host;
    this.connection = connect(this, socket, tls);
  }

  // --- from the connection

  release(timed: boolean, telling: boolean): CloseReason | undefined {
    return this.#owner.release(this, timed, telling);
  }

  told(): void {
    this.#owner.told();
  }

  roomMade(): void {
    this.#owner.roomMade(this);
  }

  closed(reason: CloseReason): void {
    this.#owner.closed(this, reason);
  }

  exchangeFailed(exchange: Exchange, error: TransportError, loss: Loss, reused: boolean): void {
    this.#owner.exchangeFailed(exchange, error, loss, reused);
  }
}

// The pool with a connection that multiplexes: whatever keeps to the interface of connection.ts can be pooled.

import assert from "node:assert/strict";
import test from "node:test";
import type { Socket, SocketAdapter, SocketHandler } from "../../../lib/socket/socket.ts";
import { settle, type TransportOptions } from "../../../lib/transport/options/options.ts";
import type { Connection, ConnectionOwner } from "../../../lib/transport/pool/connection.ts";
import { Pool } from "../../../lib/transport/pool/pool.ts";
import { Exchange } from "../../../lib/transport/request/exchange.ts";
import { prepare, type PreparedRequest } from "../../../lib/transport/request/prepared_request.ts";
import type { GotConnInfo } from "../../../lib/transport/trace.ts";
import { TransportError } from "../../../lib/transport/transport_error.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const STREAMS = 3;

class Multiplexed implements Connection {
  readonly under: Map<Exchange, GotConnInfo> = new Map();
  goingAway = false;
  readonly #owner: ConnectionOwner;

  constructor(owner: ConnectionOwner) {
    this.#owner = owner;
  }

  get hasRoom(): boolean {
    return !this.goingAway && this.under.size > 0 && this.under.size < STREAMS;
  }

  admits(): boolean {
    return true;
  }

  start(exchange: Exchange, _request: PreparedRequest, got: GotConnInfo): void {
    this.under.set(exchange, got);
    this.#owner.roomMade();
  }

  /** The response to an exchange ends. */
  end(exchange: Exchange): void {
    this.under.delete(exchange);
    if (this.under.size > 0) this.#owner.roomMade();
    else if (this.goingAway) this.#owner.closed("goaway");
    else if (this.#owner.release(false, false) !== undefined) this.#owner.closed("refused");
    exchange.onEnd();
  }

  /** The server did not touch it. */
  refuse(exchange: Exchange): void {
    this.under.delete(exchange);
    const error = new TransportError("refused", { code: "refusedStream", side: "remote", phase: "head" });
    this.#owner.exchangeFailed(exchange, error, "nothingWritten", true);
  }

  sleep(): void {}
  wake(): void {}

  discard(reason: string): void {
    this.#owner.closed(reason);
  }

  fail(error: TransportError, reason: string): void {
    this.#owner.closed(reason);
    for (const [exchange] of this.under) this.#owner.exchangeFailed(exchange, error, "other", true);
  }
}

class Probe extends Exchange {
  ended = 0;
  failed: string | undefined = undefined;

  onHead(): void {}

  onEnd(): void {
    this.ended += 1;
  }

  onError(error: TransportError): void {
    this.failed = error.code;
  }
}

/** A pool whose dials open when the test says so. */
class World {
  readonly clock: FakeClock = new FakeClock();
  readonly connections: Multiplexed[] = [];
  readonly dials: SocketHandler[] = [];
  readonly pool: Pool;
  readonly #request: PreparedRequest;

  constructor(options: TransportOptions = {}, method = "GET") {
    const socket = { handover: () => undefined, destroy: () => undefined } as unknown as Socket;
    const adapter: SocketAdapter = {
      name: "node",
      dial: (_address, handler) => {
        this.dials.push(handler);
        return socket;
      },
    };
    const settings = settle({ ...options, clock: this.clock, adapter });
    this.#request = prepare({ url: "http://10.0.0.1/", method }, settings);
    this.pool = new Pool(settings, (owner) => {
      const connection = new Multiplexed(owner);
      this.connections.push(connection);
      return connection;
    });
  }

  /** Needs no `this`. */
  readonly send = (): Probe => {
    const probe = new Probe();
    probe.request = this.#request;
    this.pool.acquire(probe, this.#request);
    return probe;
  };
}

test("connection: requests that wait for dials of their own join the first connection that opens, as far as it has room", () => {
  const { pool, connections, dials, send } = new World();
  const all = [1, 2, 3, 4].map(send);
  assert.equal(dials.length, 4);
  dials[0]!.onOpen();
  assert.deepEqual([...connections[0]!.under.keys()], all.slice(0, STREAMS));
  assert.deepEqual([...connections[0]!.under.values()].map(({ reused }) => reused), [false, true, true]);
  assert.deepEqual(pool.counts, { dialing: 3, inUse: 1, idle: 0, waiting: 1 });
  dials[1]!.onOpen();
  assert.deepEqual([...connections[1]!.under.keys()], all.slice(STREAMS));
  dials[2]!.onOpen();
  assert.deepEqual(pool.counts, { dialing: 1, inUse: 2, idle: 1, waiting: 0 });
});

test("connection: a request joins one that has room, and waits where there is none", () => {
  const { pool, connections, dials, send } = new World({ maxConnsPerHost: 1 });
  const all = [1, 2, 3, 4, 5].map(send);
  dials[0]!.onOpen();
  const [connection] = connections;
  assert.equal(pool.counts.waiting, 2);
  connection!.end(all[1]!);
  assert.deepEqual([...connection!.under.keys()], [all[0], all[2], all[3]]);
  for (const probe of [0, 2, 3, 4]) connection!.end(all[probe]!);
  assert.deepEqual(pool.counts, { dialing: 0, inUse: 0, idle: 1, waiting: 0 });
  assert.ok(all.every(({ ended }) => ended === 1));
  const [first, second] = [send(), send()];
  assert.deepEqual([...connection!.under.keys()], [first, second]);
  assert.equal(connection!.under.get(first)!.wasIdle, true);
  assert.equal(connection!.under.get(second)!.wasIdle, false);
  assert.equal(pool.totals().dialed, 1);
});

test("connection: one that goes away takes no more requests, ends those under way, and is gone with the last", () => {
  const { pool, connections, dials, send } = new World();
  const [first, second] = [send(), send()];
  dials[0]!.onOpen();
  const [leaving] = connections;
  leaving!.goingAway = true;
  const third = send();
  assert.equal(dials.length, 3);
  dials[2]!.onOpen();
  assert.deepEqual([...connections[1]!.under.keys()], [third]);
  leaving!.end(first);
  assert.equal(pool.counts.inUse, 2);
  leaving!.end(second);
  assert.deepEqual([pool.counts.inUse, pool.totals().closed], [1, { goaway: 1 }]);
  assert.deepEqual([first.ended, second.ended], [1, 1]);
});

test("connection: a request that the server did not touch goes out on another, whatever its method", () => {
  const { pool, connections, dials, send } = new World({}, "POST");
  const [first, second] = [send(), send()];
  dials[0]!.onOpen();
  connections[0]!.goingAway = true;
  connections[0]!.refuse(second);
  assert.equal(second.failed, undefined);
  assert.deepEqual([pool.counts.waiting, pool.totals().retried], [1, 1]);
  dials[2]!.onOpen();
  assert.deepEqual([...connections[1]!.under.keys()], [second]);
  assert.deepEqual([...connections[0]!.under.keys()], [first]);
});

test("connection: closing the pool fails every request of a connection", () => {
  const { pool, dials, send } = new World();
  const all = [1, 2, 3].map(send);
  dials[0]!.onOpen();
  pool.close();
  assert.deepEqual(all.map(({ failed }) => failed), ["transportClosed", "transportClosed", "transportClosed"]);
  assert.deepEqual(pool.counts, { dialing: 0, inUse: 0, idle: 0, waiting: 0 });
});

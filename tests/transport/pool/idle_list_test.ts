// The idle connections alone, on a clock of the test's own: the newest is in no list, and every limit heeds it all the same.

import assert from "node:assert/strict";
import test from "node:test";
import type { Socket } from "../../../lib/socket/socket.ts";
import { settle, type TransportOptions } from "../../../lib/transport/options/options.ts";
import type { Connection } from "../../../lib/transport/pool/connection.ts";
import { Entry, type EntryOwner } from "../../../lib/transport/pool/entry.ts";
import { HostPool } from "../../../lib/transport/pool/host_pool.ts";
import { IdleList } from "../../../lib/transport/pool/idle_list.ts";
import { routeTo } from "../../../lib/transport/request/route.ts";
import { FakeClock } from "../../support/fake_clock.ts";

class CountingClock extends FakeClock {
  readings = 0;

  override nowMs(): number {
    this.readings += 1;
    return super.nowMs();
  }
}

/** An idle list with hosts "a", "b", …, whose connections are told apart by names. */
class Bench {
  readonly clock: CountingClock = new CountingClock();
  readonly list: IdleList;
  /** "a1 maxIdleConns", "a1 asleep", in their order. */
  readonly events: string[] = [];
  readonly #hosts: Map<string, HostPool<Entry>> = new Map();
  readonly #names: Map<Entry, string> = new Map();

  constructor(options: TransportOptions) {
    this.list = new IdleList(settle({ ...options, clock: this.clock }));
  }

  host(name: string): HostPool<Entry> {
    let host = this.#hosts.get(name);
    if (host === undefined) this.#hosts.set(name, host = new HostPool(routeTo(new URL(`http://${name}/`), settle({}))));
    return host;
  }

  /** A connection of the host "a", for the name "a1", becomes idle. */
  idle(name: string, telling = false): Entry {
    const entry = new Entry(
      NOBODY,
      this.host(name[0]!),
      (): Connection => ({
        hasRoom: false,
        admits: () => false,
        start: () => undefined,
        sleep: () => void this.events.push(`${name} asleep`),
        wake: () => void this.events.push(`${name} awake`),
        discard: (reason) => {
          this.events.push(`${name} ${reason}`);
          this.list.remove(entry);
        },
        fail: () => undefined,
      }),
      undefined as unknown as Socket,
      undefined,
    );
    this.#names.set(entry, name);
    this.list.add(entry, false, telling);
    return entry;
  }

  newestOf(host: string): string | undefined {
    const entry = this.list.newestOf(this.host(host));
    return entry && this.#names.get(entry);
  }

  take(host: string): string | undefined {
    const entry = this.list.newestOf(this.host(host));
    if (entry === undefined) return undefined;
    this.list.remove(entry);
    this.list.wake(entry);
    return this.#names.get(entry);
  }
}

const NOBODY: EntryOwner = {
  release: () => undefined,
  told: () => undefined,
  roomMade: () => undefined,
  closed: () => undefined,
  exchangeFailed: () => undefined,
};

test("idle list: the newest counts among its host's", () => {
  const bench = new Bench({});
  bench.idle("a1");
  assert.equal(bench.list.countOf(bench.host("a")), 1);
  bench.idle("a2");
  assert.equal(bench.list.countOf(bench.host("a")), 2);
  bench.idle("b1");
  assert.deepEqual([bench.list.countOf(bench.host("a")), bench.list.countOf(bench.host("b"))], [2, 1]);
  bench.take("b");
  assert.equal(bench.list.countOf(bench.host("b")), 0);
});

test("idle list: with maxIdleConns 1 the newest stays and the one before it goes", () => {
  const bench = new Bench({ maxIdleConns: 1 });
  bench.idle("a1");
  assert.deepEqual(bench.events, []);
  bench.idle("b1");
  assert.deepEqual(bench.events, ["a1 maxIdleConns"]);
  assert.equal(bench.take("b"), "b1");
  bench.idle("c1");
  assert.deepEqual(bench.events, ["a1 maxIdleConns"]);
});

test("idle list: over maxIdleConns the oldest goes, whichever hosts they are of", () => {
  const bench = new Bench({ maxIdleConns: 3 });
  for (const name of ["a1", "b1", "a2", "c1", "a3"]) bench.idle(name);
  assert.deepEqual(bench.events, ["a1 maxIdleConns", "b1 maxIdleConns"]);
});

test("idle list: each host gives its newest first, also while another host has the newest of all", () => {
  const bench = new Bench({});
  for (const name of ["a1", "a2", "b1", "a3", "b2"]) bench.idle(name);
  assert.deepEqual(["a", "b", "a", "b", "a", "b"].map((host) => bench.take(host)), [
    "a3",
    "b2",
    "a2",
    "b1",
    "a1",
    undefined,
  ]);
});

test("idle list: the idle timeout closes the newest at its time, too", () => {
  const bench = new Bench({ idleConnTimeoutMs: 1000 });
  bench.idle("a1");
  bench.clock.advance(400);
  bench.idle("a2");
  bench.clock.advance(599);
  assert.deepEqual(bench.events.filter((event) => !event.endsWith("asleep")), []);
  bench.clock.advance(1);
  assert.deepEqual(bench.events.filter((event) => !event.endsWith("asleep")), ["a1 idleTimeout"]);
  bench.clock.advance(400);
  assert.deepEqual(bench.events.filter((event) => !event.endsWith("asleep")), ["a1 idleTimeout", "a2 idleTimeout"]);
  assert.equal(bench.newestOf("a"), undefined);
});

test("idle list: the newest falls asleep with the others, and wakes when it is taken", () => {
  const bench = new Bench({});
  bench.idle("a1");
  bench.idle("a2");
  bench.clock.advance(50);
  assert.deepEqual(bench.events, ["a2 asleep", "a1 asleep"]);
  bench.idle("a3");
  assert.equal(bench.take("a"), "a3");
  assert.equal(bench.take("a"), "a2");
  assert.deepEqual(bench.events, ["a2 asleep", "a1 asleep", "a2 awake"]);
  bench.clock.advance(50);
  assert.deepEqual(bench.events.slice(3), []);
});

test("idle list: discardAll closes the newest, too", () => {
  const bench = new Bench({});
  bench.idle("a1");
  bench.list.discardAll("closeIdleConnections");
  for (const name of ["a2", "b1"]) bench.idle(name);
  bench.list.discardAll("closeIdleConnections");
  assert.deepEqual(bench.events, ["a1", "a2", "b1"].map((name) => `${name} closeIdleConnections`));
});

test("idle list: a connection that is taken again while its release is told costs no reading of the clock", () => {
  const bench = new Bench({ idleConnTimeoutMs: 1000 });
  bench.idle("a1", true);
  assert.equal(bench.take("a"), "a1");
  bench.list.told();
  assert.equal(bench.clock.readings, 0);
});

test("idle list: one that is not taken is idle from when its release was told, or another joined it", () => {
  const bench = new Bench({ idleConnTimeoutMs: 1000 });
  bench.clock.advance(5);
  const first = bench.idle("a1", true);
  assert.equal(bench.newestOf("a"), "a1");
  assert.equal(first.idleSinceMs, 0);
  const second = bench.idle("a2", true);
  assert.equal(first.idleSinceMs, bench.clock.nowMs());
  bench.list.told();
  assert.equal(second.idleSinceMs, bench.clock.nowMs());
  bench.clock.advance(1000);
  assert.equal(bench.list.countOf(bench.host("a")), 0);
});

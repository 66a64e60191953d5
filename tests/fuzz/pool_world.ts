// A pool between scripted exchanges and a fake network, and what must hold of it at any moment.

import assert from "node:assert/strict";
import { decodeLatin1, encodeLatin1 } from "../../lib/core/bytes.ts";
import type { Fifo } from "../../lib/core/fifo.ts";
import type { LinkedList, ListLink } from "../../lib/core/linked_list.ts";
import type { Tunnel } from "../../lib/transport/body/tunnel.ts";
import type { Traffic } from "../../lib/transport/census.ts";
import type { Head, Trailers } from "../../lib/transport/head.ts";
import { Http1 } from "../../lib/transport/http1/http1.ts";
import type { PersistentConnection } from "../../lib/transport/http1/persistent_connection.ts";
import { type Settings, settle, type TransportOptions } from "../../lib/transport/options/options.ts";
import type { Entry } from "../../lib/transport/pool/entry.ts";
import type { HostPool } from "../../lib/transport/pool/host_pool.ts";
import { CLOSED, IDLE, IN_USE } from "../../lib/transport/pool/place.ts";
import { Pool } from "../../lib/transport/pool/pool.ts";
import { Waiter } from "../../lib/transport/pool/waiter.ts";
import { type BodyChunk, Exchange } from "../../lib/transport/request/exchange.ts";
import { prepare, type PreparedRequest, type TransportRequest } from "../../lib/transport/request/prepared_request.ts";
import { Upload } from "../../lib/transport/request/request_body.ts";
import type { Trace } from "../../lib/transport/trace.ts";
import { TransportError } from "../../lib/transport/transport_error.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeNetwork, type NetworkOptions } from "./fake_network.ts";
import { type AnswerName, answerTo, LARGE } from "./fake_server.ts";

/** Moments at which an exchange can act. */
export const HOOKS = [
  "onSent",
  "onFirstByte",
  "onArrival",
  "onHead",
  "onData",
  "onTrailers",
  "onEnd",
  "onError",
  "getConn",
  "dnsStart",
  "dnsDone",
  "connectStart",
  "connectDone",
  "tlsHandshakeStart",
  "tlsHandshakeDone",
  "gotConn",
  "wroteHeaders",
  "wait100Continue",
  "got100Continue",
  "wroteRequest",
  "gotFirstResponseByte",
  "got1xxResponse",
  "putIdleConn",
] as const;

export type Hook = typeof HOOKS[number];

/** What it can do then. */
export type Act = "read" | "pause" | "close" | "cancel" | "again" | "another" | "closeIdle" | "closePool";

export type Policy = Readonly<Partial<Record<Hook, Act>>>;

export type UploadKind = "none" | "text" | "large" | "pieces" | "chunks" | "stalls" | "throws" | "short" | "empty";

export interface RequestPlan {
  readonly host: number;
  readonly method: "GET" | "HEAD" | "POST";
  readonly upload: UploadKind;
  readonly getBody: boolean;
  readonly expectContinue: boolean;
  readonly close: boolean;
  readonly answer: AnswerName;
  readonly policy: Policy;
}

/** The second is a name with two addresses, the third is secured. */
const ORIGINS = ["http://10.0.1.1", "http://b.test", "https://10.0.3.1"];

const LARGE_BODY = new Uint8Array(LARGE);

export class World {
  readonly clock: FakeClock = new FakeClock();
  readonly network: FakeNetwork;
  readonly settings: Settings;
  readonly pool: ObservedPool;
  readonly exchanges: Probe[] = [];
  readonly sources: Source[] = [];
  closed = false;

  constructor(options: TransportOptions, network: NetworkOptions) {
    this.network = new FakeNetwork(this.clock, network, (options.pipelining ?? 1) > 1);
    const { clock } = this;
    this.settings = settle({ ...options, clock, adapter: this.network, resolver: this.network });
    this.pool = new ObservedPool(this.settings);
  }

  request(plan: RequestPlan, trace?: Trace): Probe {
    const probe = new Probe(this, this.exchanges.length, plan);
    if (trace !== undefined) probe.trace = trace;
    this.exchanges.push(probe);
    probe.send();
    return probe;
  }

  closePool(): void {
    this.closed = true;
    this.pool.close();
  }

  /** Lets the sources of request bodies answer. */
  async breathe(): Promise<void> {
    if (this.sources.length === 0) return;
    for (let i = 0; i < 12; i++) await undefined;
  }

  /** Everything that can happen without time passing happens. */
  async settle(pick: number): Promise<void> {
    await this.breathe();
    for (let turns = 0; this.network.deliver(pick + turns); turns++) {
      assert.ok(turns < 5000, "it goes on for ever");
      this.check();
      await this.breathe();
    }
  }

  /** What must hold whenever no call is on the stack. */
  check(): void {
    const { pool, network, settings } = this;
    const { counts } = pool;
    const loops = pool.http1.census();
    const totals = pool.totals();
    const live = [...pool.seen].filter(({ place }) => place !== CLOSED);
    assert.equal(counts.inUse, live.filter(({ place }) => place === IN_USE).length, "inUse");
    assert.equal(counts.idle, live.filter(({ place }) => place === IDLE).length, "idle");
    assert.equal(totals.dialed, pool.seen.size, "every connection was seen");
    assert.equal(sum(totals.closed), pool.seen.size - live.length, "the ledger");
    assert.equal(sum(loops.readLoops), live.length, "read loops");
    assert.equal(sum(loops.writeLoops), live.length, "write loops");
    assert.equal(loops.readLoops["idle"] ?? 0, counts.idle, "idle read loops");
    assert.equal(pool.traffic.bytesSent, network.bytesSent, "bytes sent");
    assert.ok(pool.traffic.bytesReceived <= network.bytesReceived, "bytes received");

    assert.ok(counts.idle <= settings.maxIdleConns, "maxIdleConns");
    const idle = live.filter(({ place }) => place === IDLE);
    const unlisted = idle.filter((entry) => !isListed(entry));
    assert.ok(unlisted.length <= 1, "idle and in no list, but not the newest");
    for (const { idleSinceMs } of idle) {
      if (settings.idleConnTimeoutMs > 0) {
        assert.ok(idleSinceMs <= (unlisted[0]?.idleSinceMs ?? Infinity), "the newest");
      }
    }
    const hosts = new Set([...pool.seen].map(({ host }) => host));
    for (const host of hosts) this.#checkHost(host, live);
    for (const entry of live) this.#checkConnection(entry);

    const unserved = this.exchanges.filter(({ carrier }) => carrier instanceof Waiter);
    assert.equal(counts.waiting, unserved.length, "waiting");
    for (const exchange of this.exchanges) exchange.check();

    const perPeer = new Map<string, number>();
    for (const { peer, isOpen } of network.sockets) {
      const host = peer.replace(/^10\.0\.2\.\d/, "b.test");
      if (isOpen || host !== "b.test:80") perPeer.set(host, (perPeer.get(host) ?? 0) + 1);
    }
    for (const [peer, sockets] of perPeer) {
      assert.ok(sockets <= settings.maxConnsPerHost, `maxConnsPerHost: ${sockets} sockets to ${peer}`);
    }
    assert.ok(network.open.length >= live.length, "a live connection without a socket");
    const asleep = network.open.filter(({ refed }) => !refed).length;
    assert.ok(asleep <= counts.idle, "what is in use keeps the process alive");
    if (counts.dialing === 0) assert.equal(network.sockets.size, live.length, "sockets are lost");
  }

  /** What must hold once all due timers have fired; `waitedMs` is how long it was. */
  checkTime(waitedMs: number): void {
    const { pool, network, settings, clock } = this;
    const late = (sinceMs: number, limitMs: number): boolean => limitMs > 0 && clock.nowMs() - sinceMs > limitMs;
    for (const { peer, isOpen, dialedMs } of network.sockets) {
      if (!isOpen && !peer.startsWith("10.0.2.")) assert.ok(!late(dialedMs, settings.dialTimeoutMs), "a dial is late");
    }
    for (const { place, idleSinceMs } of pool.seen) {
      if (place === IDLE) assert.ok(!late(idleSinceMs, settings.idleConnTimeoutMs), "idle for too long");
    }
    const asleep = [...network.sockets].filter(({ refed }) => !refed).length;
    if (waitedMs >= 50) assert.equal(asleep, pool.counts.idle, "what is idle keeps no process alive");
  }

  #checkHost(host: HostPool<Entry>, live: readonly Entry[]): void {
    const { maxConnsPerHost, maxIdleConnsPerHost } = this.settings;
    const own = live.filter((entry) => entry.host === host);
    const idle = own.filter(({ place }) => place === IDLE);
    assert.ok(host.connections >= own.length, "connections of the host");
    assert.ok(host.connections <= maxConnsPerHost, "maxConnsPerHost");
    assert.ok(idle.length <= Math.max(0, maxIdleConnsPerHost), "maxIdleConnsPerHost");
    assert.deepEqual(new Set(listed(host.idle)), new Set(idle.filter(isListed)), "the host's idle list");
    for (const roomy of listed(host.roomy)) {
      assert.ok(own.includes(roomy) && roomy.place === IN_USE, "room in what is in use");
    }
    const waiting = entries(host.waiters).filter(({ settled }) => !settled);
    const queued = entries(host.dialQueue).filter(({ settled }) => !settled);
    if (waiting.length > 0) assert.equal(idle.length, 0, "a request waits beside an idle connection");
    if (queued.length > 0) assert.equal(host.connections, maxConnsPerHost, "a request waits for a slot that is free");
    assert.ok(queued.every((waiter) => waiting.includes(waiter)), "queued for a dial and not for a connection");
  }

  #checkConnection(entry: Entry): void {
    const connection = entry.connection as PersistentConnection;
    const idle = entry.place === IDLE;
    assert.equal(entry.idle?.inHost.listed, entry.idle?.byAge.listed, "in one of the two idle lists");
    if (!idle) assert.ok(!isListed(entry), "among the idle ones");
    if (idle) assert.equal(connection.exchange, undefined, "an idle connection has an exchange");
    if (connection.exchange !== undefined) assert.equal(connection.exchange.carrier, connection, "its exchange");
    const behind = connection.pipeline?.size ?? 0;
    assert.ok(behind < this.settings.pipelining, "no more are pipelined than may be");
    if (idle) assert.equal(behind, 0, "an idle connection owes a response");
    const carried = this.exchanges.filter(({ carrier }) => carrier !== undefined && carrier === connection.pipeline);
    assert.equal(carried.length, behind, "each pipelined request waits on its connection");
    if (connection.hasRoom) assert.ok(entry.roomy?.listed, "room that nobody knows of");
  }
}

/** Keeps every connection in view, whatever becomes of it. */
export class ObservedPool extends Pool {
  readonly seen: Set<Entry> = new Set();
  readonly traffic: Traffic;
  readonly http1: Http1;
  #refuses = false;

  constructor(settings: Settings) {
    const traffic = { bytesSent: 0, bytesReceived: 0 };
    const http1 = new Http1(settings, traffic);
    super(settings, (owner, socket, tls) => {
      this.seen.add(owner as Entry);
      return http1.connect(owner, socket, tls);
    });
    this.traffic = traffic;
    this.http1 = http1;
  }

  override acquire(exchange: Exchange, request: PreparedRequest): void {
    super.acquire(exchange, request);
    this.#refuses = false;
  }

  override closeIdleConnections(): void {
    this.#refuses = true;
    super.closeIdleConnections();
    assert.equal(this.counts.idle, 0, "closeIdleConnections leaves one idle");
  }

  override release(entry: Entry, timed: boolean, telling: boolean): string | undefined {
    const refused = super.release(entry, timed, telling);
    if (this.#refuses) assert.notEqual(entry.place, IDLE, "idle after closeIdleConnections");
    return refused;
  }
}

/** An exchange that acts as its policy says, and minds the order in which it is told things. */
export class Probe extends Exchange {
  readonly plan: RequestPlan;
  state: "sending" | "sent" | "answered" | "head" | "ended" | "failed" | "upgraded" | "closed" = "ended";
  error: TransportError | undefined = undefined;
  trailers = 0;
  readonly #world: World;
  readonly #id: number;
  #received = "";
  #sendings = 0;
  #spawned = false;

  constructor(world: World, id: number, plan: RequestPlan) {
    super();
    this.#world = world;
    this.#id = id;
    this.plan = plan;
    const { policy } = plan;
    const traced = HOOKS.filter((hook) => !hook.startsWith("on") && policy[hook] !== undefined);
    if (traced.length > 0) this.trace = Object.fromEntries(traced.map((hook) => [hook, () => this.act(hook)])) as Trace;
  }

  /** No callback is to come. */
  get over(): boolean {
    return this.state === "ended" || this.state === "failed" || this.state === "upgraded" || this.state === "closed";
  }

  send(): void {
    const { plan } = this;
    this.#sendings += 1;
    this.#received = "";
    this.state = "sending";
    const request: TransportRequest = {
      method: plan.method,
      url: `${ORIGINS[plan.host] ?? `http://10.1.0.${plan.host}`}/${this.#id}/${plan.answer}`,
      headers: plan.expectContinue ? { Expect: "100-continue" } : {},
      close: plan.close,
      ...this.#body(),
    };
    this.request = prepare(request, this.#world.settings);
    this.upload = this.request.streamedBody === undefined ? undefined : new Upload(this.request.streamedBody);
    this.#world.pool.acquire(this, this.request);
  }

  #body(): Partial<TransportRequest> {
    const { upload, getBody } = this.plan;
    if (upload === "none") return {};
    if (upload === "text") return { body: "text" };
    if (upload === "large") return { body: LARGE_BODY };
    const source = (): Source => {
      const { sources, network } = this.#world;
      const made = new Source(upload === "stalls" && network.friendly ? "chunks" : upload);
      sources.push(made);
      return made;
    };
    const length = upload === "pieces" || upload === "short" ? { contentLength: 4 } : {};
    return { body: source(), ...length, ...(getBody ? { getBody: source } : {}) };
  }

  check(): void {
    if (this.over) assert.equal(this.carrier, undefined, `${this.state} and still carried`);
    else assert.notEqual(this.carrier, undefined, `${this.state} and not carried`);
  }

  act(hook: Hook): void {
    const act = this.plan.policy[hook];
    if (act !== undefined) this.do(act);
  }

  do(act: Act): void {
    const world = this.#world;
    switch (act) {
      case "read":
        return this.read();
      case "pause":
        return this.pause();
      case "close":
        if (this.carrier === undefined) return;
        this.close();
        if (this.state === "head" && this.carrier === undefined) this.state = "closed";
        return;
      case "cancel":
        return this.cancel(new TransportError("enough", { code: "canceled", side: "local", phase: this.phase }));
      case "again":
        if (this.over && this.#sendings < 3) this.send();
        return;
      case "another":
        if (this.#spawned) return;
        this.#spawned = true;
        world.request({ ...this.plan, policy: { onHead: "read" } });
        return;
      case "closeIdle":
        return world.pool.closeIdleConnections();
      case "closePool":
        return world.closePool();
    }
  }

  // --- told

  override onSent(): void {
    assert.ok(this.state === "sending" || this.state === "sent", `onSent after ${this.state}`);
    this.state = "sent";
    this.act("onSent");
  }

  override onFirstByte(): void {
    assert.equal(this.state, "sent", "onFirstByte");
    this.state = "answered";
    this.act("onFirstByte");
  }

  override onArrival(): void {
    assert.ok(this.state === "answered" || this.state === "head", `onArrival after ${this.state}`);
    this.act("onArrival");
  }

  override onHead(_head: Head): void {
    assert.equal(this.state, "answered", "onHead");
    this.state = "head";
    this.act("onHead");
  }

  override onData(chunk: BodyChunk): void {
    assert.equal(this.state, "head", "onData");
    this.#received += decodeLatin1(chunk.data());
    this.act("onData");
  }

  override onTrailers(trailers: Trailers): void {
    assert.equal(this.state, "head", "onTrailers");
    assert.deepEqual(trailers.rawHeaders(), [["X-A", "b"]]);
    this.trailers += 1;
    this.act("onTrailers");
  }

  override onUpgrade(tunnel: Tunnel): void {
    assert.equal(this.state, "head", "onUpgrade");
    this.state = "upgraded";
    tunnel.close();
  }

  override onEnd(): void {
    assert.equal(this.state, "head", "onEnd");
    this.state = "ended";
    const { body } = this.#world.network.friendly ? answerTo(this.plan.method, "length") : this.#answer;
    const bodies = [body, this.#answer.body].map((make) => make?.(String(this.#id)));
    assert.ok(bodies.includes(this.#received), `the body ${JSON.stringify(this.#received)} is another's`);
    this.act("onEnd");
  }

  override onError(error: TransportError): void {
    assert.ok(!this.over, `onError after ${this.state}`);
    this.state = "failed";
    this.error = error;
    this.act("onError");
  }

  get #answer() {
    return answerTo(this.plan.method, this.plan.answer);
  }
}

/** Pieces of a request body; it must be closed once where it did not end. */
export class Source implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  state: "unused" | "open" | "over" = "unused";
  closings = 0;
  readonly #kind: UploadKind;
  #asked = 0;

  constructor(kind: UploadKind) {
    this.#kind = kind;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    assert.equal(this.state, "unused", "a source is used twice");
    this.state = "open";
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    assert.equal(this.state, "open", "a piece of a source that is over");
    const asked = this.#asked++;
    if (this.#kind === "stalls" && asked === 1) return new Promise(() => {});
    if (this.#kind === "throws" && asked === 1) {
      this.state = "over";
      return Promise.reject(new Error("the source broke"));
    }
    const pieces = this.#kind === "empty" ? 0 : this.#kind === "short" ? 1 : 2;
    if (asked < pieces) return Promise.resolve({ done: false, value: encodeLatin1("ab") });
    this.state = "over";
    return Promise.resolve({ done: true, value: undefined });
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.closings += 1;
    assert.equal(this.closings, 1, "a source was closed twice");
    this.state = "over";
    return Promise.resolve({ done: true, value: undefined });
  }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => {
    assert.ok(count >= 0, "a count below zero");
    return total + count;
  }, 0);
}

/** A list's items, oldest first; both directions must agree. */
function listed<T>(list: LinkedList<T>): T[] {
  const items: T[] = [];
  let last: ListLink<T> | undefined;
  for (let link = list.oldest; link !== undefined; link = link.newer) {
    assert.equal(link.older, last, "the list is broken");
    items.push(link.item);
    last = link;
  }
  assert.equal(list.newest, last, "the list's end");
  assert.equal(list.size, items.length, "the list's size");
  return items;
}

function isListed({ idle }: Entry): boolean {
  return idle?.byAge.listed === true;
}

function entries<T>(queue: Fifo<T>): T[] {
  const items: T[] = [];
  for (let i = queue.size; i > 0; i--) {
    const item = queue.shift()!;
    items.push(item);
    queue.push(item);
  }
  return items;
}

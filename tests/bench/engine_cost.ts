// What a request costs without a kernel: the load generator's whole path, from dispatch to records, over sockets that
// answer from memory. Of a request's CPU time it is the part that is this project's own.
//
//   node dist/tests/bench/engine_cost.js [connections] [requests per round] [rounds] [keep|close] [pipelining]
//
// With "close" each request has a connection of its own. Prints ns per request of each round, and the least: what disturbs a machine only ever adds.

import process from "node:process";
import { systemClock } from "../../lib/core/clock.ts";
import { TransportEngine } from "../../lib/load/client/transport_engine.ts";
import { generatorOf } from "../../lib/load/generator/generator_of.ts";
import { EconomyPacer } from "../../lib/load/pacer/economy_pacer.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../lib/socket/socket.ts";
import { encodingOf } from "../../lib/transport/http1/request_encoding.ts";
import { Transport } from "../../lib/transport/transport.ts";

const [connections = 64, requests = 300_000, rounds = 10] = process.argv.slice(2, 5).map(Number);
const keepAlive = process.argv[5] !== "close";
const pipelining = Number(process.argv[6] ?? 1);

const URL = "http://127.0.0.1:8080/12";

/** What every request looks like. */
const REQUEST_BYTES =
  encodingOf(new Transport({ disableCompression: true, disableKeepAlives: !keepAlive }).prepare({ url: URL })).bytes
    .length;

/** Answers to that many requests. */
const ANSWERS: Uint8Array[] = [];

const ANSWER = new TextEncoder().encode(
  "HTTP/1.1 200 OK\r\nServer: target\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\n" +
    "Connection: keep-alive\r\nContent-Length: 12\r\n\r\nxxxxxxxxxxxx",
);

/** Answers each write once the loop comes around to it. */
class MemorySocket implements Socket {
  /** Answers to what was written. */
  owed = 0;
  #handler: SocketHandler;
  readonly #wire: MemoryNetwork;

  constructor(wire: MemoryNetwork, handler: SocketHandler) {
    this.#wire = wire;
    this.#handler = handler;
  }

  open(): void {
    this.#handler.onOpen();
  }

  answer(): void {
    const { owed } = this;
    this.owed = 0;
    this.#handler.onData(ANSWERS[owed] ??= new Uint8Array(Array.from({ length: owed }, () => [...ANSWER]).flat()));
  }

  write(bytes: Uint8Array): boolean {
    if (this.owed === 0) this.#wire.owing.push(this);
    this.owed += bytes.length / REQUEST_BYTES;
    return true;
  }

  handover(handler: SocketHandler): void {
    this.#handler = handler;
  }

  pause(): void {}
  resume(): void {}
  end(): void {}
  startTls(): void {}
  ref(): void {}
  unref(): void {}
  destroy(): void {}
}

class MemoryNetwork implements SocketAdapter {
  readonly name = "node";
  owing: MemorySocket[] = [];
  #dialed: MemorySocket[] = [];

  dial(_address: Address, handler: SocketHandler): Socket {
    const socket = new MemorySocket(this, handler);
    this.#dialed.push(socket);
    return socket;
  }

  /** Opens what was dialed and answers what is owed, as an event loop's turn would. */
  turn(): void {
    const dialed = this.#dialed;
    this.#dialed = [];
    for (let i = 0; i < dialed.length; i++) dialed[i]!.open();
    const { owing } = this;
    this.owing = [];
    for (let i = 0; i < owing.length; i++) owing[i]!.answer();
  }
}

async function round(): Promise<number> {
  const network = new MemoryNetwork();
  const plan = resolve({
    request: { url: URL },
    load: { connections, requests, duration: "1h", pipeline: pipelining },
  });
  const transport = new Transport({
    adapter: network,
    maxIdleConnsPerHost: Infinity,
    maxConnsPerHost: connections,
    disableCompression: true,
    disableKeepAlives: !keepAlive,
    pipelining,
    idleConnTimeoutMs: 90_000,
  });
  const never = { beforeSend: () => undefined, onError: () => undefined };
  const driver = new TransportEngine(plan, transport, network.name, {});
  const generator = generatorOf(plan, driver, never, new EconomyPacer(systemClock), systemClock);
  generator.start();
  const { tally } = generator;
  const from = performance.now();
  while (tally.completed < requests) network.turn();
  const spentMs = performance.now() - from;
  await generator.ended;
  await transport.close();
  return (spentMs * 1e6) / requests;
}

const figures: number[] = [];
for (let i = 0; i < rounds; i++) figures.push(await round());
console.log(`${figures.map((ns) => ns.toFixed(0)).join(" ")} ns a request; least ${Math.min(...figures).toFixed(0)}`);
process.exit(0);

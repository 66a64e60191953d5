// What a TLS keep-alive request costs: the transport's callback face beside a bare `tls.connect` loop, in this runtime.
//
//   taskset -c 1 node dist/tests/bench/tls_keep_alive.js [connections] [seconds per round] [rounds]
//
// Prints CPU µs per request of both, round by round in turn, and the ratio of their medians. The server is on core 0.

import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { connect } from "node:tls";
import { findRuntime, packageRoot } from "../../cli/process/runtimes.ts";
import type { Head } from "../../lib/transport/head.ts";
import { Exchange } from "../../lib/transport/request/exchange.ts";
import type { PreparedRequest } from "../../lib/transport/request/prepared_request.ts";
import { Transport } from "../../lib/transport/transport.ts";
import type { TransportError } from "../../lib/transport/transport_error.ts";

interface Target {
  readonly port: number;
  readonly ca: string;
}

interface Round {
  readonly requests: number;
  readonly cpuUsPerRequest: number;
}

const [connections = 16, seconds = 2, rounds = 5] = process.argv.slice(2).map(Number);

const ANSWER_BYTES = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello world!".length;

const REQUEST = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: loadgen/0.1\r\n\r\n";

async function compare(target: Target): Promise<void> {
  const bare: Round[] = [];
  const ours: Round[] = [];
  for (let i = 0; i < rounds; i++) {
    bare.push(await measure((until) => bareLoop(target, until)));
    ours.push(await measure((until) => transportLoop(target, until)));
    const [b, o] = [bare.at(-1)!, ours.at(-1)!];
    console.log(
      `tls.connect ${b.cpuUsPerRequest.toFixed(2)} µs (${b.requests} requests), ` +
        `transport ${o.cpuUsPerRequest.toFixed(2)} µs (${o.requests} requests)`,
    );
  }
  console.log(`ratio of the medians: ${(median(ours) / median(bare)).toFixed(3)}`);
}

function median(several: Round[]): number {
  return several.map((round) => round.cpuUsPerRequest).sort((a, b) => a - b)[several.length >> 1]!;
}

async function measure(loop: (until: number) => Promise<number>): Promise<Round> {
  await loop(performance.now() + 300); // warm
  const before = process.cpuUsage();
  const requests = await loop(performance.now() + seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  return { requests, cpuUsPerRequest: (user + system) / requests };
}

/** As little as a client can do: write, count the bytes that come, write again. */
function bareLoop({ port, ca }: Target, until: number): Promise<number> {
  return new Promise((resolve) => {
    let requests = 0;
    let open = connections;
    for (let i = 0; i < connections; i++) {
      const socket = connect({ host: "127.0.0.1", port, ca }, () => socket.write(REQUEST));
      let missing = ANSWER_BYTES;
      socket.on("data", (bytes: Uint8Array) => {
        missing -= bytes.length;
        if (missing > 0) return;
        missing = ANSWER_BYTES;
        requests += 1;
        if (performance.now() < until) socket.write(REQUEST);
        else {
          socket.destroy();
          if (--open === 0) resolve(requests);
        }
      });
    }
  });
}

class Loop extends Exchange {
  readonly #next: (exchange: Loop) => void;

  constructor(next: (exchange: Loop) => void) {
    super();
    this.#next = next;
  }

  override onHead(_head: Head): void {
    this.read();
  }

  override onEnd(): void {
    this.#next(this);
  }

  override onError(error: TransportError): void {
    throw error;
  }
}

async function transportLoop({ port, ca }: Target, until: number): Promise<number> {
  const transport = new Transport({ tls: { ca }, maxIdleConnsPerHost: connections, maxConnsPerHost: connections });
  const request: PreparedRequest = transport.prepare({ url: `https://127.0.0.1:${port}/` });
  let requests = -connections;
  let open = connections;
  await new Promise<void>((resolve) => {
    const next = (exchange: Loop) => {
      requests += 1;
      if (performance.now() < until) transport.send(request, exchange);
      else if (--open === 0) resolve();
    };
    for (let i = 0; i < connections; i++) next(new Loop(next));
  });
  await transport.close();
  return requests;
}

// last, so that the classes above are defined
const serverWords = ["-c", "0", findRuntime("node")!, join(packageRoot, "dist/tests/bench/tls_server.js")];
const server = spawn("taskset", serverWords, {
  stdio: ["pipe", "pipe", "inherit"],
});
for await (const line of createInterface({ input: server.stdout! })) {
  await compare(JSON.parse(line) as Target);
  break;
}
server.stdin!.end();
process.exit(0);

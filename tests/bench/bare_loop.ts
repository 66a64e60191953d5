// As little as a client can do in this runtime: write the request, count the bytes that come, write it again.
//
//   bare_loop URL CONNECTIONS SECONDS
//
// The first response's length is that of all. Prints requests per second.

import { connect } from "node:net";
import process from "node:process";
import { detectAdapter } from "../../lib/socket/detect.ts";
import type { Socket, SocketHandler } from "../../lib/socket/socket.ts";

const url = new URL(process.argv[2]!);
const connections = Number(process.argv[3]);
const seconds = Number(process.argv[4]);
const address = { host: url.hostname, port: Number(url.port) };
const request = new TextEncoder().encode(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);

let requests = 0;

class Loop implements SocketHandler {
  readonly #answerBytes: number;
  #missing: number;
  readonly #socket: Socket;

  constructor(answerBytes: number) {
    this.#answerBytes = this.#missing = answerBytes;
    this.#socket = detectAdapter("auto").dial(address, this);
  }

  onOpen(): void {
    this.#socket.write(request);
  }

  onData(view: Uint8Array): void {
    this.#missing -= view.length;
    if (this.#missing > 0) return;
    this.#missing = this.#answerBytes;
    requests += 1;
    this.#socket.write(request);
  }

  onDrain(): void {}

  onEnd(): void {
    throw new Error("the server closed a connection");
  }

  onClose(error: Error | undefined): void {
    throw error ?? new Error("the server closed a connection");
  }
}

/** From one request that asks for the connection's end. */
function answerLength(): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const socket = connect(address);
    socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
    socket.on("data", (data) => bytes += data.length).on("end", () => resolve(bytes)).on("error", reject);
  });
}

const answerBytes = await answerLength();
const startedMs = performance.now();
for (let i = 0; i < connections; i++) new Loop(answerBytes);
setTimeout(() => {
  console.log((requests * 1000) / (performance.now() - startedMs));
  process.exit(0);
}, seconds * 1000);

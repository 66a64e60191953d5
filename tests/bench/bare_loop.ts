// As little as a client can do in this runtime: write the request, count the bytes that come, write it again.
//
//   bare_loop URL CONNECTIONS SECONDS keep|close|hold SEVERAL WARM-UP-SECONDS
//
// SEVERAL: requests that are written at once, or connections to hold. The first response's length is that of all.
// Prints requests per second.

import { connect } from "node:net";
import process from "node:process";
import { connect as connectTls } from "node:tls";
import { dialBare, type Wire } from "./bare_wire.ts";

const url = new URL(process.argv[2]!);
const connections = Number(process.argv[3]);
const seconds = Number(process.argv[4]);
const mode = process.argv[5];
const several = Number(process.argv[6]);
const warmSeconds = Number(process.argv[7]);

const secure = url.protocol === "https:";
const address = { host: url.hostname, port: Number(url.port) };
const batch = mode === "hold" ? 1 : several;

function request(connection: string): string {
  return `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: ${connection}\r\n\r\n`;
}

const written = new TextEncoder().encode(request(mode === "close" ? "close" : "keep-alive").repeat(batch));
let requests = 0;

class Loop {
  readonly #answerBytes: number;
  #missing: number;
  readonly #wire: Wire;

  constructor(answerBytes: number) {
    this.#answerBytes = this.#missing = answerBytes * batch;
    this.#wire = dialBare(address, secure, this);
  }

  opened(): void {
    this.#wire.write(written);
  }

  received(bytes: number): void {
    this.#missing -= bytes;
    if (this.#missing > 0) return;
    this.#missing = this.#answerBytes;
    requests += batch;
    if (mode === "keep") {
      this.#wire.write(written);
    } else {
      this.#wire.destroy();
      new Loop(this.#answerBytes);
    }
  }
}

/** How many of the connections to hold were begun. */
let begun = 0;

/** Stops reading as the response begins, and goes on to the next connection. */
class Held {
  readonly #wire: Wire;
  #open = false;

  constructor() {
    begun += 1;
    this.#wire = dialBare(address, secure, this);
  }

  opened(): void {
    this.#wire.write(written);
  }

  received(): void {
    if (this.#open) return;
    this.#open = true;
    this.#wire.pause();
    requests += 1;
    if (begun < several) new Held();
    else if (requests === several) finish();
  }
}

/** From one request that asks for the connection's end; it tells the connection's end in a word of another length. */
function answerLength(): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const socket = secure ? connectTls({ ...address, rejectUnauthorized: false }) : connect(address);
    socket.write(request("close"));
    socket.on("data", (data: Uint8Array) => bytes += data.length).on("error", reject);
    socket.on("end", () => resolve(mode === "close" ? bytes : bytes + "keep-alive".length - "close".length));
  });
}

function finish(): void {
  console.log((requests * 1000) / (performance.now() - startedMs));
  process.exit(0);
}

const answerBytes = await answerLength();
let startedMs = performance.now();
for (let i = 0; i < connections; i++) {
  if (mode === "hold") new Held();
  else new Loop(answerBytes);
}
if (mode !== "hold") {
  setTimeout(() => {
    requests = 0;
    startedMs = performance.now();
    setTimeout(finish, seconds * 1000);
  }, warmSeconds * 1000);
}

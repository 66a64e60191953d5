// A server on loopback that does nothing by itself: tests take what a connection received and send what they like.

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from "node:tls";

/** One accepted connection. */
export class Wire {
  readonly socket: Socket;
  /** Everything received, one character per byte. */
  text = "";
  /** The client said FIN. */
  ended = false;
  /** The connection is gone, by FIN from both sides or by reset. */
  closed = false;
  #taken = 0;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("data", (bytes: Uint8Array) => {
      this.text += latin1(bytes);
      this.#wake();
    });
    socket.on("end", () => {
      this.ended = true;
      this.#wake();
    });
    socket.on("close", () => {
      this.ended = this.closed = true;
      this.#wake();
    });
  }

  /** What was received and not yet taken. */
  get untaken(): string {
    return this.text.slice(this.#taken);
  }

  /** Takes everything up to and with `end`; by default a request's head. */
  async take(end = "\r\n\r\n"): Promise<string> {
    await this.#wait(() => this.untaken.includes(end), `the client sends ${JSON.stringify(end)}`);
    const taken = this.untaken.slice(0, this.untaken.indexOf(end) + end.length);
    this.#taken += taken.length;
    return taken;
  }

  /** Takes so many bytes. */
  async takeBytes(count: number): Promise<string> {
    await this.#wait(() => this.untaken.length >= count, `the client sends ${count} bytes`);
    this.#taken += count;
    return this.text.slice(this.#taken - count, this.#taken);
  }

  /** The client's FIN, or the end of the connection. */
  async end(): Promise<void> {
    await this.#wait(() => this.ended, "the client ends the connection");
  }

  send(data: string | Uint8Array): void {
    this.socket.write(typeof data === "string" ? Buffer.from(data, "latin1") : data);
  }

  async #wait(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (!condition()) {
      if (this.closed) throw new Error(`closed before ${what}; untaken: ${JSON.stringify(this.untaken.slice(-200))}`);
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`never: ${what}; untaken: ${JSON.stringify(this.untaken.slice(-200))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Accepts; the rest is the test's. */
export class WireServer implements AsyncDisposable {
  readonly wires: Wire[] = [];
  /** Connections that the kernel handed over, also those that never finish a handshake. */
  dials = 0;
  readonly #server: Server;
  readonly #scheme: string;
  readonly #raw: Set<Socket> = new Set();
  #waiting: (() => void)[] = [];

  private constructor(onWire: (wire: Wire) => void, tls: TlsOptions | undefined) {
    const accept = (socket: Socket) => {
      const wire = new Wire(socket);
      this.wires.push(wire);
      onWire(wire);
      for (const wake of this.#waiting.splice(0)) wake();
    };
    this.#scheme = tls === undefined ? "http" : "https";
    this.#server = tls === undefined
      ? createServer({ allowHalfOpen: true }, accept)
      : createTlsServer({ ...tls, allowHalfOpen: true } as TlsOptions, (socket: TLSSocket) => accept(socket));
    this.#server.on("tlsClientError", () => {});
    this.#server.on("connection", (socket: Socket) => {
      this.dials += 1;
      this.#raw.add(socket);
    });
  }

  /** With `tls` it speaks TLS. `onWire` hears of each connection as it is accepted, or once it is secured. */
  static async start(onWire: (wire: Wire) => void = () => {}, tls?: TlsOptions): Promise<WireServer> {
    const server = new WireServer(onWire, tls);
    await new Promise<void>((resolve) => server.#server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}/`;
  }

  /** The connection with this index, as soon as there is one. */
  async wire(index = 0): Promise<Wire> {
    const deadline = performance.now() + 10_000;
    while (this.wires.length <= index) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`connection ${index} never came`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.wires[index]!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.wires) socket.destroy();
    for (const socket of this.#raw) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

// A network in memory that keeps the socket contract (lib/socket/README.md) and is otherwise as nasty as it allows.
// Nothing happens inside a call: what a call brings about waits in its socket until the test delivers it.

import { encodeLatin1 } from "../../lib/core/bytes.ts";
import type { Resolver } from "../../lib/socket/resolver.ts";
import type { Address, Socket, SocketAdapter, SocketHandler } from "../../lib/socket/socket.ts";
import { SocketError } from "../../lib/socket/socket_error.ts";
import type { TlsState } from "../../lib/socket/tls.ts";
import type { FakeClock } from "../support/fake_clock.ts";
import { FakeServer } from "./fake_server.ts";

/** How a dial goes: at once, or when the test says so. */
export type DialPlan = "opens" | "refused" | "stalls";

export interface NetworkOptions {
  /** By the number of the dial, over and over. */
  readonly dials: readonly DialPlan[];
  /** By the number of the write, over and over: whether the socket takes it whole. */
  readonly takes: readonly boolean[];
  /** A reset is told while the socket is paused, and what had arrived before it is lost. */
  readonly resetAtOnce: boolean;
}

/** What comes out of the wire, in its order. */
export type Inbound = "opens" | "refused" | "secure" | "fin" | "reset" | { readonly bytes: string };

const TLS: TlsState = { protocol: "TLSv1.3", cipher: "", alpnProtocol: undefined, servername: "", resumed: false };

export class FakeNetwork implements SocketAdapter, Resolver {
  readonly name = "node";
  /** Dialing or open. */
  readonly sockets: Set<FakeSocket> = new Set();
  /** Name look-ups that are not answered yet. */
  readonly lookups: (() => void)[] = [];
  /** From now on every dial opens, every write is taken and every request is answered. */
  friendly = false;
  bytesSent = 0;
  bytesReceived = 0;
  readonly clock: FakeClock;
  readonly #options: NetworkOptions;
  #dials = 0;
  #writes = 0;

  /** Its servers take requests behind one that is not answered. */
  readonly pipelined: boolean;

  constructor(clock: FakeClock, options: NetworkOptions, pipelined: boolean) {
    this.clock = clock;
    this.pipelined = pipelined;
    this.#options = options;
  }

  get resetAtOnce(): boolean {
    return this.#options.resetAtOnce;
  }

  dial(address: Address, handler: SocketHandler): Socket {
    const { dials } = this.#options;
    const plan = this.friendly ? "opens" : dials[this.#dials++ % dials.length]!;
    const socket = new FakeSocket(this, address, handler);
    this.sockets.add(socket);
    if (plan !== "stalls") socket.land(plan);
    return socket;
  }

  resolve(_host: string, done: (error: SocketError | undefined, addresses: readonly string[]) => void): void {
    this.lookups.push(() => done(undefined, ["10.0.2.1", "10.0.2.2"]));
  }

  takesWrite(): boolean {
    const { takes } = this.#options;
    return this.friendly || takes[this.#writes++ % takes.length]!;
  }

  /** Lets one thing happen, chosen among all that could; false: there is none. */
  deliver(pick: number): boolean {
    const ready: { deliver(): void }[] = [...this.sockets].filter((socket) => socket.ready);
    if (this.lookups.length > 0) ready.push({ deliver: () => this.lookups.shift()!() });
    if (ready.length === 0) return false;
    ready[pick % ready.length]!.deliver();
    return true;
  }

  /** Those that were dialed and have no answer. */
  get stalled(): FakeSocket[] {
    return [...this.sockets].filter((socket) => socket.stalled);
  }

  get open(): FakeSocket[] {
    return [...this.sockets].filter((socket) => socket.isOpen);
  }
}

export class FakeSocket implements Socket {
  /** "10.0.1.1:80" */
  readonly peer: string;
  readonly dialedMs: number;
  isOpen = false;
  refed = true;
  readonly #network: FakeNetwork;
  readonly #secured: boolean;
  readonly #server: FakeServer;
  readonly #inbound: Inbound[] = [];
  #handler: SocketHandler;
  #gone = false;
  #paused = false;
  #owesDrain = false;

  constructor(network: FakeNetwork, address: Address, handler: SocketHandler) {
    this.#network = network;
    this.peer = "path" in address ? address.path : `${address.host}:${address.port}`;
    this.dialedMs = network.clock.nowMs();
    this.#secured = address.tls !== undefined;
    this.#handler = handler;
    this.#server = new FakeServer((inbound) => this.#inbound.push(inbound), network.pipelined);
  }

  // --- for the test

  get stalled(): boolean {
    return !this.isOpen && this.#inbound.length === 0;
  }

  land(as: "opens" | "refused"): void {
    this.#inbound.push(as);
    if (as === "opens" && this.#secured) this.#inbound.push("secure");
  }

  /** The server does something that nobody asked for. */
  interfere(inbound: "fin" | "reset" | "surplus"): void {
    this.#server.interfere(inbound);
  }

  get ready(): boolean {
    return this.#owesDrain || this.#nextInbound() >= 0;
  }

  deliver(): void {
    if (this.#owesDrain && this.isOpen) {
      this.#owesDrain = false;
      this.#handler.onDrain();
    } else {
      const next = this.#nextInbound();
      this.#tell(this.#inbound.splice(0, next + 1)[next]!);
    }
  }

  #nextInbound(): number {
    if (!this.#paused || !this.isOpen) return this.#inbound.length - 1 < 0 ? -1 : 0;
    return this.#network.resetAtOnce ? this.#inbound.indexOf("reset") : -1;
  }

  #tell(inbound: Inbound): void {
    switch (inbound) {
      case "opens":
        this.isOpen = true;
        this.#handler.onOpen();
        return;
      case "secure":
        this.#handler.onSecure?.(TLS);
        return;
      case "fin":
        this.#handler.onEnd();
        return;
      case "refused":
        this.#close(new SocketError("ECONNREFUSED", "connection refused"));
        return;
      case "reset":
        this.#close(new SocketError("ECONNRESET", "connection reset by peer"));
        return;
      default: {
        const view = encodeLatin1(inbound.bytes);
        this.#network.bytesReceived += view.length;
        this.#handler.onData(view);
        view.fill(0x3f); // the adapter's buffer is used again
      }
    }
  }

  #close(error: SocketError): void {
    const handler = this.#handler;
    this.destroy();
    handler.onClose(error);
  }

  // --- for the transport

  write(bytes: Uint8Array): boolean {
    if (this.#gone) return true;
    this.#network.bytesSent += bytes.length;
    this.#server.receive(bytes, this.#network.friendly);
    const taken = this.#network.takesWrite();
    if (!taken) this.#owesDrain = true;
    return taken;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  end(): void {}

  startTls(): void {
    throw new Error("no tunnels here");
  }

  handover(handler: SocketHandler): void {
    this.#handler = handler;
  }

  ref(): void {
    this.refed = true;
  }

  unref(): void {
    this.refed = false;
  }

  destroy(): void {
    this.#gone = true;
    this.isOpen = false;
    this.#owesDrain = false;
    this.#inbound.length = 0;
    this.#network.sockets.delete(this);
  }
}

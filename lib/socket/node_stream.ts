// Streams of `node:net` and `node:tls`, made so that all of them share one read buffer and one set of listeners.

import { Buffer } from "node:buffer";
import { type OnReadOpts, Socket as NetSocket, type SocketConstructorOpts } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { NO_BYTES } from "../core/bytes.ts";
import { tlsOptions } from "./node_tls.ts";
import type { Address } from "./socket.ts";
import type { TlsSettings } from "./tls.ts";

/** Idle time before the first probe of a silent peer. */
const KEEP_ALIVE_MS = 30_000;

const IS_DENO = "Deno" in globalThis;
const IS_BUN = "Bun" in globalThis;

/** One for all streams of the thread: a view is valid only during `onData`, and callbacks do not nest. */
const readBuffer = new Uint8Array(64 * 1024);

/** The last view handed out: answers of one length, the usual case under load, then cost no allocation. */
let lastView = readBuffer;

function viewOf(length: number): Uint8Array {
  if (lastView.length !== length) lastView = readBuffer.subarray(0, length);
  return lastView;
}

/** Bytes written last, if they are few: a large body is not to outlive its request. */
let lastBytes: Uint8Array = NO_BYTES;
let lastBuffer: Uint8Array = NO_BYTES;
const MOST_REMEMBERED_BYTES = 16 * 1024;

/** As `stream.write`, which makes a Buffer of other bytes each time; a load writes the same ones over and over. */
export function writeTo(stream: Stream, bytes: Uint8Array): boolean {
  if (bytes === lastBytes) return stream.write(lastBuffer);
  if (bytes.length > MOST_REMEMBERED_BYTES) return stream.write(bytes);
  lastBytes = bytes;
  lastBuffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return stream.write(lastBuffer);
}

/** `tls.connect` takes the options of `net.Socket` too. */
type StreamOptions = SocketConstructorOpts & { onread?: OnReadOpts };

/** Whom the streams tell. Told by a stream that is no longer `stream`, nothing but a failure counts. */
export interface StreamOwner {
  readonly stream: Stream;
  opened(): void;
  secured(stream: TLSSocket): void;
  received(view: Uint8Array): void;
  drained(): void;
  ended(): void;
  failed(cause: unknown): void;
  closed(): void;
}

/** A stream that knows whose it is: sharing the listeners takes 1.2 KiB off each on Deno. */
export type Stream<Kind extends NetSocket = NetSocket> = Kind & { readonly owner: StreamOwner };

class PlainStream extends NetSocket {
  readonly owner: StreamOwner;

  constructor(owner: StreamOwner, options: StreamOptions) {
    super(options);
    this.owner = owner;
  }
}

/** A stream on its way to the address. Throws what the runtime does, for a bad port. */
export function plainStream(owner: StreamOwner, address: Address): Stream {
  const stream = listen(new PlainStream(owner, reading(owner, address)), address);
  return stream.on("connect", tellOpen).connect(address);
}

/** What stands for a stream whose making threw. */
export function deadStream(owner: StreamOwner): Stream {
  return listen(new PlainStream(owner, {}), {});
}

/**
 * A TLS stream with a TCP connection of its own, on its way to an address with `tls`. Throws what the runtime does, for
 * bad PEM or a bad port.
 */
export function tlsStream(owner: StreamOwner, address: Address): Stream {
  const options = { ...whereOf(address), ...reading(owner, address), ...tlsOptions(address.tls!) };
  const stream = listen(Object.assign(connectTls(options), { owner }), address);
  return stream.on("connect", tellOpen).on("secureConnect", tellSecure);
}

/** A TLS stream over an open one. Throws what the runtime does, for bad PEM. */
export function tlsStreamOver(owner: StreamOwner, below: Stream, settings: TlsSettings): Stream {
  const options = { ...tlsOptions(settings), allowHalfOpen: true, socket: below };
  return listen(Object.assign(connectTls(options), { owner }), { upgradable: true }).on("secureConnect", tellSecure);
}

/** What is used of a runtime's handle: on Deno TLS has another one below it. */
interface Handle {
  readonly _nativeTcpHandle?: Handle | null;
  readStart(): void;
  readStop(): void;
}

/**
 * Whether a stream reads. Deno's TLS reads on into memory however it is paused, and may then lose the end; there it is
 * the TCP handle below that has to stop, and the stream has to be told that it keeps no process alive meanwhile, unless it has bytes
 * to send.
 */
export function setReading(stream: Stream, reads: boolean, keepsAlive: boolean): void {
  let tcp: Handle | undefined;
  if (IS_DENO) {
    let { _handle: handle } = stream as { _handle?: Handle | null };
    while (handle?._nativeTcpHandle) tcp = handle = handle._nativeTcpHandle;
  }
  if (tcp === undefined) {
    reads ? stream.resume() : stream.pause();
    return;
  }
  reads ? tcp.readStart() : tcp.readStop();
  keepsAlive && (reads || stream.writableLength > 0) ? stream.ref() : stream.unref();
}

function whereOf(address: Address): { path: string } | { host: string; port: number } {
  return "path" in address ? { path: address.path } : { host: address.host, port: address.port };
}

/** For a stream that another may be put over: 'data' events, as the one over it has. */
const BY_EVENTS: StreamOptions = { allowHalfOpen: true };

/** `onread`, which takes a quarter off the cost of a small response; one for all, for it is called on the stream. */
const BY_CALLBACK: StreamOptions = {
  allowHalfOpen: true,
  onread: {
    buffer: readBuffer,
    callback(this: Stream, length: number): boolean {
      this.owner.received(viewOf(length));
      return true; // pausing is `pause()`: its effect on the handle is the same
    },
  },
};

/** No `onread` where the stream is upgradable: on Deno and Bun the callback would go on getting the bytes. */
function reading(owner: StreamOwner, { upgradable }: { upgradable?: boolean | undefined }): StreamOptions {
  if (upgradable === true) return BY_EVENTS;
  if (!IS_BUN) return BY_CALLBACK;
  // a closure of its own, because Bun does not call it on the stream
  const callback = (length: number) => {
    owner.received(viewOf(length));
    return true;
  };
  return { allowHalfOpen: true, onread: { buffer: readBuffer, callback } };
}

function listen<Kind extends Stream>(stream: Kind, { upgradable }: { upgradable?: boolean | undefined }): Kind {
  if (upgradable === true) stream.on("data", tellData);
  return stream.on("drain", tellDrain).on("end", tellEnd).on("error", tellError).on("close", tellClose);
}

function tellOpen(this: Stream): void {
  // Set here, because as options Node and Bun heed them only in the constructor, Deno only in connect().
  this.setNoDelay(true);
  this.setKeepAlive(true, KEEP_ALIVE_MS);
  this.owner.opened();
}

function tellSecure(this: Stream<TLSSocket>): void {
  if (this === this.owner.stream) this.owner.secured(this);
}

function tellData(this: Stream, view: Uint8Array): void {
  if (this === this.owner.stream) this.owner.received(view);
}

function tellDrain(this: Stream): void {
  if (this === this.owner.stream) this.owner.drained();
}

function tellEnd(this: Stream): void {
  if (this === this.owner.stream) this.owner.ended();
}

function tellError(this: Stream, cause: unknown): void {
  this.owner.failed(cause);
}

function tellClose(this: Stream): void {
  if (this === this.owner.stream) this.owner.closed();
}

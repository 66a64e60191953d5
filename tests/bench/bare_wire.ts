// A connection as the runtime has it, with nothing of loadgen's between: `node:net` and `node:tls` with `onread` on Node
// and Deno, `Bun.connect` on Bun.

import { connect, type NetConnectOpts } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";

export interface Wire {
  write(bytes: Uint8Array): void;
  pause(): void;
  destroy(): void;
}

export interface WireOwner {
  opened(): void;
  received(bytes: number): void;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

interface BunHandle {
  readonly data: BunWire;
  write(bytes: Uint8Array): number;
  pause(): void;
  terminate(): void;
}

declare const Bun: {
  connect(options: {
    hostname: string;
    port: number;
    tls?: { rejectUnauthorized: boolean };
    socket: typeof events;
    data: BunWire;
  }): Promise<BunHandle>;
};

/** Bun tells who a socket is only once it is open. */
class BunWire implements Wire {
  handle: BunHandle | undefined;
  readonly owner: WireOwner;

  constructor(owner: WireOwner) {
    this.owner = owner;
  }

  write(bytes: Uint8Array): void {
    this.handle!.write(bytes);
  }

  pause(): void {
    this.handle!.pause();
  }

  destroy(): void {
    const { handle } = this;
    this.handle = undefined;
    handle!.terminate();
  }
}

const events = {
  open(handle: BunHandle): void {
    handle.data.handle = handle;
    handle.data.owner.opened();
  },
  data({ data: wire }: BunHandle, bytes: Uint8Array): void {
    wire.owner.received(bytes.length);
  },
  close({ data: wire }: BunHandle): void {
    if (wire.handle !== undefined) throw new Error("the server closed a connection");
  },
};

const buffer = new Uint8Array(64 * 1024);

function dialNode({ host, port }: Address, secure: boolean, owner: WireOwner): Wire {
  const onread = {
    buffer,
    callback: (bytes: number) => {
      owner.received(bytes);
      return true;
    },
  };
  const options: NetConnectOpts & ConnectionOptions = { host, port, noDelay: true, rejectUnauthorized: false, onread };
  const socket = secure ? connectTls(options) : connect(options);
  socket.on(secure ? "secureConnect" : "connect", () => owner.opened());
  return socket.on("error", (error) => {
    throw error;
  });
}

export function dialBare(address: Address, secure: boolean, owner: WireOwner): Wire {
  if (!("Bun" in globalThis)) return dialNode(address, secure, owner);
  const wire = new BunWire(owner);
  const where = { hostname: address.host, port: address.port, socket: events, data: wire };
  Bun.connect(secure ? { ...where, tls: { rejectUnauthorized: false } } : where).catch((error: unknown) => {
    throw error;
  });
  return wire;
}

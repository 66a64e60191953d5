import { lookup } from "node:dns";
import { isIP } from "node:net";
import { SocketError } from "./socket_error.ts";

/** Turns a host into the addresses to dial, the first one first. */
export interface Resolver {
  /** Calls `done` once, never inside this call: with an error and no address, or with at least one address. */
  resolve(host: string, done: (error: SocketError | undefined, addresses: readonly string[]) => void): void;
}

/** The system's resolver, in its own order. An IP literal is its own address. */
export const systemResolver: Resolver = {
  resolve(host, done) {
    if (isIP(host) !== 0) {
      queueMicrotask(() => done(undefined, [host]));
      return;
    }
    if (host === "") {
      queueMicrotask(() => done(new SocketError("ENOTFOUND", "an empty host name has no address"), []));
      return;
    }
    lookup(host, { all: true, verbatim: true }, (cause, found) => {
      if (cause !== null) done(SocketError.from(cause), []);
      else done(undefined, found.map(({ address }) => address));
    });
  },
};

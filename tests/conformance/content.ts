// What the tests send, and how they look at what arrives.

import type { Socket as Peer } from "node:net";
import { concatBytes } from "../../lib/core/bytes.ts";

export const MiB = 1024 * 1024;

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Bytes in which every shift and every exchange of two pieces shows: a prime period against powers of two. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i % 65_521) * 31 >> 3;
  return bytes;
}

export function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** Everything that the peer receives up to the end, whichever way it ends. */
export function collect(peer: Peer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve) => {
    const done = () => resolve(concatBytes(chunks));
    peer.on("data", (chunk: Uint8Array) => chunks.push(chunk)).on("end", done).on("close", done).resume();
  });
}

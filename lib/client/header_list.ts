import type { HeaderPair } from "../transport/head.ts";
import { headerPairs, type HeadersInput } from "../transport/request/header_pairs.ts";

/**
 * Header fields in the order and the case in which they were written, which a standard `Headers` would lose. Names are
 * compared without their case. That they are text is all that is looked at: the transport validates them.
 */
export class HeaderList implements Iterable<readonly [name: string, value: string]> {
  #entries: HeaderPair[];

  constructor(input?: HeadersInput) {
    this.#entries = headerPairs(input);
  }

  /** The first field of this name. */
  get(name: string): string | undefined {
    const lowered = name.toLowerCase();
    return this.#entries.find((entry) => entry[0].toLowerCase() === lowered)?.[1];
  }

  append(name: string, value: string): void {
    this.#entries.push([name, value]);
  }

  /** One field of this name, in place of all there were. */
  set(name: string, value: string): void {
    this.delete(name);
    this.#entries.push([name, value]);
  }

  delete(name: string): void {
    const lowered = name.toLowerCase();
    this.#entries = this.#entries.filter((entry) => entry[0].toLowerCase() !== lowered);
  }

  [Symbol.iterator](): ArrayIterator<readonly [name: string, value: string]> {
    return this.#entries[Symbol.iterator]();
  }
}

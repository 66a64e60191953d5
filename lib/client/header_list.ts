import type { HeadersInput } from "../transport/prepared_request.ts";

/**
 * Header fields in the order and the case in which they were written, which a standard `Headers` would lose. Names are
 * compared without their case. Nothing is validated: the transport does.
 */
export class HeaderList implements Iterable<readonly [name: string, value: string]> {
  #entries: (readonly [name: string, value: string])[] = [];

  constructor(input: HeadersInput = []) {
    if (Symbol.iterator in input) {
      for (const [name, value] of input) this.#entries.push([name, value]);
      return;
    }
    for (const [name, value] of Object.entries(input)) {
      for (const each of typeof value === "string" ? [value] : value) this.#entries.push([name, each]);
    }
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

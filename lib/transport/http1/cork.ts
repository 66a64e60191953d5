// Writes of one connection that are held back until together they are worth a system call. Only where requests are
// pipelined: without that no two writes of a connection come close.

import { concatBytes } from "../../core/bytes.ts";

/** What is larger is not worth a copy, and shall feel whether the socket takes it. */
const MAX_HELD_BYTES = 16 * 1024;

/** More of one request are put together each time. */
const MOST_REPEATED = 64;

/** What was repeated last, and its repetitions by their number: a load sends one request over and over. */
let repeatedBytes: Uint8Array | undefined = undefined;
let repetitions: Uint8Array[] = [];

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  if (bytes !== repeatedBytes) {
    repeatedBytes = bytes;
    repetitions = [];
  }
  return repetitions[times] ??= concatBytes(new Array<Uint8Array>(times).fill(bytes));
}

/** Takes what was held back. */
export interface CorkOwner {
  /** Writes to the socket, unless it is gone. */
  writeNow(bytes: Uint8Array): boolean;
}

export class Cork {
  readonly #owner: CorkOwner;
  #held: Uint8Array[] = [];
  #corked = false;

  constructor(owner: CorkOwner) {
    this.#owner = owner;
  }

  /** Holds writes back; true: until the caller's `release`, false: until somebody else's. */
  hold(): boolean {
    if (this.#corked) return false;
    this.#corked = true;
    return true;
  }

  /** Writes what was held back, and holds back no more. */
  release(): void {
    this.#corked = false;
    this.#flush();
  }

  /** Whether what is written now goes out with something before it. */
  get holding(): boolean {
    return this.#corked && this.#held.length > 0;
  }

  /** Holds the bytes back, or writes them behind those held; false: wait until the socket has drained. */
  write(bytes: Uint8Array): boolean {
    if (this.#corked && bytes.length <= MAX_HELD_BYTES) {
      this.#held.push(bytes);
      return true;
    }
    this.#flush();
    return this.#owner.writeNow(bytes);
  }

  #flush(): void {
    const held = this.#held;
    if (held.length === 0) return;
    this.#held = [];
    this.#owner.writeNow(held.length === 1 ? held[0]! : together(held));
  }
}

function together(held: readonly Uint8Array[]): Uint8Array {
  const first = held[0]!;
  const same = held.length <= MOST_REPEATED && held.every((bytes) => bytes === first);
  return same ? repeated(first, held.length) : concatBytes(held);
}

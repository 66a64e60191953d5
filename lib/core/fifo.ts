// A queue in a ring: both ends in O(1), and no array that is shifted.

/**
 * A first-in, first-out queue with O(1) push and shift: a ring of slots that doubles when full.
 * Not thread-safe, holds no reference to what was shifted out.
 */
export class Fifo<T> {
  #slots: (T | undefined)[] = new Array(8);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#size) & (this.#slots.length - 1)] = item;
    this.#size += 1;
  }

  /** Takes the oldest item out; undefined if there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#size -= 1;
    return item;
  }

  /** The oldest item, left in its place. */
  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#slots[this.#head];
  }

  #grow(): void {
    const wider = new Array<T | undefined>(this.#slots.length * 2);
    for (let i = 0; i < this.#size; i++) wider[i] = this.#slots[(this.#head + i) & (this.#slots.length - 1)];
    this.#slots = wider;
    this.#head = 0;
  }
}

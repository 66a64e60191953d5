/** From one state to the next. */
const STEP = 0x6d2b79f5;

/** Numbers that look random and are the same for the same seed: mulberry32 (Tommy Ettinger). */
export class Random {
  readonly #start: number;
  #state: number;

  /** Streams of one seed do not follow each other. */
  constructor(seed: number, stream = 0) {
    this.#start = this.#state = (Math.imul(seed ^ (seed / 2 ** 32), 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) |
      0;
  }

  /** Goes to a place of its own for each index, wherever it has come to. */
  restart(index: number): void {
    this.#state = (this.#start + Math.imul(index, 0x9e3779b9)) | 0;
  }

  /** Passes over so many numbers. */
  skip(count: number): void {
    this.#state = (this.#state + Math.imul(count, STEP)) | 0;
  }

  /** From 0 up to, and without, 1; 32 bits of it. */
  next(): number {
    this.#state = (this.#state + STEP) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number between two, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }
}

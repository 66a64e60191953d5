// A Poisson process of rate 1, by seed, which can be entered anywhere.
//
// Its points come in blocks of a fixed number. How long a block is (a gamma variate) and how its points lie in it
// (exponential distances, scaled to that length) are independent of each other, so each comes from a stream of its own:
// to pass over a block costs one number, and only a block that is looked into is filled. Where every thousandth block
// begins is kept: 8 bytes for each quarter of a million requests.

import { lowerBound } from "./lower_bound.ts";
import { Variates } from "./variates.ts";
import type { Points } from "./rate_schedule.ts";

const BLOCK = 256;

/** Blocks from one kept beginning to the next. */
const STRIDE = 1024;

/** What a stream of random numbers is for. */
const LENGTH = 1;
const PLACES = 2;

/** A block that was filled. */
interface Block {
  /** −1: none yet. */
  number: number;
  start: number;
  end: number;
  readonly points: Float64Array;
}

export class PoissonPoints implements Points {
  readonly #seed: number;
  readonly #random = new Variates();
  /** Where blocks 0, STRIDE, 2·STRIDE … begin, as far as anybody went. */
  readonly #starts: number[] = [0];
  /** Two blocks that lie side by side, for those who look to and fro over their border. */
  readonly #filled: readonly [Block, Block] = [emptyBlock(), emptyBlock()];

  /** `seed`: a whole number of 32 bits. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  at(index: number): number {
    const number = Math.floor(index / BLOCK);
    return this.#block(number).points[index - number * BLOCK]!;
  }

  before(place: number): number {
    const { number, points } = this.#block(this.#numberAt(place));
    return number * BLOCK + lowerBound(points, place);
  }

  /** The block that a place lies in. */
  #numberAt(place: number): number {
    let near: Block | undefined;
    for (const block of this.#filled) {
      if (block.start <= place && block.number > (near?.number ?? -1)) near = block;
    }
    if (near !== undefined && place < near.end) return near.number;
    while (this.#starts.at(-1)! <= place) this.#startOf(this.#starts.length * STRIDE);
    let number = Math.max(0, lowerBound(this.#starts, place) - 1) * STRIDE;
    if (near !== undefined && near.number > number) number = near.number;
    let end = number === near?.number ? near.end : this.#startOf(number) + this.#lengthOf(number);
    while (end <= place) end += this.#lengthOf(++number);
    return number;
  }

  #block(number: number): Block {
    const block = this.#filled[number % 2]!;
    if (block.number !== number) this.#fill(block, number);
    return block;
  }

  #fill(block: Block, number: number): void {
    const previous = this.#filled[(number + 1) % 2]!;
    block.start = number > 0 && previous.number === number - 1 ? previous.end : this.#startOf(number);
    const length = this.#lengthOf(number);
    this.#random.seed(this.#seed, number, PLACES);
    const { points, start } = block;
    let sum = 0;
    for (let i = 0; i < BLOCK; i++) points[i] = sum += this.#random.exponential();
    for (let i = 0; i < BLOCK; i++) points[i] = start + (points[i]! / sum) * length;
    block.end = start + length;
    block.number = number;
  }

  /** Summed in the same order whoever asks, so that it is the same to the last bit. */
  #startOf(number: number): number {
    const stride = Math.floor(number / STRIDE);
    for (let known = this.#starts.length; known <= stride; known++) {
      this.#starts.push(this.#sum(this.#starts[known - 1]!, (known - 1) * STRIDE, known * STRIDE));
    }
    return this.#sum(this.#starts[stride]!, stride * STRIDE, number);
  }

  #sum(start: number, from: number, to: number): number {
    let sum = start;
    for (let number = from; number < to; number++) sum += this.#lengthOf(number);
    return sum;
  }

  #lengthOf(number: number): number {
    this.#random.seed(this.#seed, number, LENGTH);
    return this.#random.gamma(BLOCK);
  }
}

function emptyBlock(): Block {
  return { number: -1, start: 0, end: 0, points: new Float64Array(BLOCK) };
}

// How far a figure of one run may lie from what the same run would have shown on another day.
//
// What chance did to the run's requests shrinks as there are more of them, and is worked out from their number. What
// makes one part of the run differ from the next beyond that (a neighbour on the machine, a garbage collection, a
// compiler) is slow: a run of a minute meets as much of it as one of ten seconds, so that it counts in full, however many
// parts there are, and for more where neighbours are alike (von Neumann's ratio, 1941): then it is slower than the run.
// An interval that divides it by their number takes noise for a difference: README.md has figures.
// What sets two runs apart from beginning to end (memory layout, what was compiled when) shows in neither of them, and
// is a floor.

import type { Result } from "../result.ts";
import { type BlockClock, blockCounts, countOf, momentsOf, pooled, valueAt } from "./block_counts.ts";

/** Variances of a figure of one run: of its logarithm, or of the figure itself where that is a share. */
export interface Spread {
  /** What its requests make by chance: less, the more there are. */
  readonly chance: number;
  /** What else makes a part of the run differ from another. */
  readonly slow: number;
  /** On how many independent pieces it rests. */
  readonly freedom: number;
}

type Block = NonNullable<Result["blocks"]>[number];

const MOST_PARTS = 8;

/** By what slow noise counts at most, where it is slower than the run: of what never came back nothing is known. */
const MOST_SLOWER = 4;

/** Of the logarithm of a percentile; undefined: the result has too few blocks to tell. */
export function percentileSpread(result: Result, clock: BlockClock, share: number): Spread | undefined {
  const parts = partsOf(blockCounts(result, clock)).map(pooled);
  if (parts.length < 2) return undefined;
  const all = pooled(parts);
  const off = Math.sqrt(share * (1 - share) * parts.length / countOf(all)); // a binomial's, for a part
  const chance = Math.log(valueAt(all, Math.min(1, share + off)) / valueAt(all, Math.max(0, share - off))) / 2;
  return spreadOf(parts.map((part) => Math.log(valueAt(part, share))), chance);
}

/** Of the logarithm of the mean. */
export function meanSpread(result: Result, clock: BlockClock): Spread | undefined {
  const parts = partsOf(blockCounts(result, clock)).map(pooled);
  if (parts.length < 2) return undefined;
  const all = pooled(parts);
  const { mean, deviation } = momentsOf(all);
  const chance = deviation / mean / Math.sqrt(countOf(all) / parts.length);
  return spreadOf(parts.map((part) => Math.log(momentsOf(part).mean)), chance);
}

/** Of the logarithm of the rate of completions while requests were sent; a block that mostly awaited answers is left out. */
export function rateSpread({ blocks = [], series }: Result): Spread | undefined {
  const sending = blocks.map((block, at) => {
    const next = blocks[at + 1]?.second ?? Infinity;
    const lines = series.filter(({ second }) => second >= block.second && second < next);
    return {
      completed: block.completed - sumOf(lines, ({ answeredInGrace = 0 }) => answeredInGrace),
      sentForMs: block.lengthMs - sumOf(lines, ({ graceMs = 0 }) => graceMs),
      lengthMs: block.lengthMs,
    };
  }).filter(({ sentForMs, lengthMs }) => sentForMs * 2 >= lengthMs);
  const parts = partsOf(sending).map((part) => ({
    completed: sumOf(part, ({ completed }) => completed),
    sentForMs: sumOf(part, ({ sentForMs }) => sentForMs),
  })).filter(({ completed }) => completed > 0);
  if (parts.length < 2) return undefined;
  const chance = Math.sqrt(parts.length / sumOf(parts, ({ completed }) => completed));
  return spreadOf(parts.map(({ completed, sentForMs }) => Math.log(completed / sentForMs)), chance);
}

/** Of a share of the requests: that of those counted by `countIn`. */
export function shareSpread({ blocks = [] }: Result, countIn: (block: Block) => number): Spread | undefined {
  const parts = partsOf(blocks).map((part) => ({
    count: sumOf(part, countIn),
    of: sumOf(part, ({ completed, failed }) => completed + failed),
  })).filter(({ of }) => of > 0);
  if (parts.length < 2) return undefined;
  const [count, of] = [sumOf(parts, ({ count }) => count), sumOf(parts, ({ of }) => of)];
  const share = Math.min(1, (count + 2) / (of + 4)); // Agresti and Coull: nothing seen in a few is not nothing for sure
  const chance = Math.sqrt(share * (1 - share) * parts.length / of);
  return spreadOf(parts.map(({ count, of }) => count / of), chance);
}

/** Neighbouring blocks together, so that there are few parts: what is slow shows in long ones, and chance less. */
function partsOf<T>(blocks: readonly T[]): T[][] {
  const parts = Math.min(MOST_PARTS, blocks.length);
  const at = (part: number): number => Math.floor(part * blocks.length / parts);
  return Array.from({ length: parts }, (_, part) => blocks.slice(at(part), at(part + 1)));
}

function sumOf<T>(parts: readonly T[], of: (part: T) => number): number {
  return parts.reduce((sum, part) => sum + of(part), 0);
}

/** `chance`: the standard deviation of a part if its requests alone were chance. */
function spreadOf(parts: readonly number[], chance: number): Spread {
  const freedom = parts.length - 1;
  const variance = varianceOf(parts);
  const byChance = chance ** 2 * (1 + Math.sqrt(2 / freedom)); // one standard deviation more than the variance is
  const slow = Math.max(0, variance - byChance);
  const slower = Math.min(MOST_SLOWER, Math.max(1, likeness(parts, variance)));
  return { chance: chance ** 2 / parts.length, slow: slow * slower, freedom };
}

/** How much more alike neighbours are than any two: 1 for none, more the longer it takes to change. */
function likeness(parts: readonly number[], variance: number): number {
  const steps = parts.slice(1).reduce((sum, part, at) => sum + (part - parts[at]!) ** 2, 0);
  return steps === 0 ? MOST_SLOWER : 2 * variance * (parts.length - 1) / steps;
}

/** Of two values or more. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

// The blocks of a stored result, decoded, and what can be read off their distributions.

import { addedPacked, type PackedHistogram, packHistogram } from "../../record/packed_histogram.ts";
import { readHdr } from "../hdr.ts";
import type { Result } from "../result.ts";

export type BlockClock = keyof NonNullable<Result["blocks"]>[number]["latencyUs"];

/** The distributions of a latency in each block that has any; none in a result of an earlier version. */
export function blockCounts({ blocks = [] }: Result, clock: BlockClock): PackedHistogram[] {
  return blocks.map(({ latencyUs }) => packHistogram(readHdr(latencyUs[clock]))).filter(({ counts }) =>
    counts.length > 0
  );
}

/** All of them as one; at least one is given. */
export function pooled(blocks: readonly PackedHistogram[]): PackedHistogram {
  return blocks.reduce(addedPacked);
}

export function countOf({ counts }: PackedHistogram): number {
  let sum = 0;
  for (let at = 1; at < counts.length; at += 2) sum += counts[at]!;
  return sum;
}

/** The value that a share of 0 to 1 of what was recorded does not exceed, at least 1 µs. */
export function valueAt(packed: PackedHistogram, share: number): number {
  const { counts } = packed;
  let left = Math.max(1, Math.ceil(share * countOf(packed) - 1e-6));
  for (let at = 0; at < counts.length; at += 2) {
    left -= counts[at + 1]!;
    if (left <= 0) return Math.max(1, counts[at]!);
  }
  return Math.max(1, packed.max);
}

/** Mean and standard deviation; the mean is at least 1 µs. */
export function momentsOf(packed: PackedHistogram): { readonly mean: number; readonly deviation: number } {
  const { counts } = packed;
  const count = countOf(packed);
  let sum = 0;
  for (let at = 0; at < counts.length; at += 2) sum += counts[at]! * counts[at + 1]!;
  const mean = sum / count;
  let squares = 0;
  for (let at = 0; at < counts.length; at += 2) squares += (counts[at]! - mean) ** 2 * counts[at + 1]!;
  return { mean: Math.max(1, mean), deviation: Math.sqrt(squares / count) };
}

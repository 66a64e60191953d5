import { median, pairedRatios } from "./median.ts";
import { signTest } from "./paired_signs.ts";

/** What paired rounds say of two builds. */
export interface Difference {
  readonly verdict: "slower" | "faster" | "alike" | "unknown";
  /** The median of the rounds' ratios, now to before. */
  readonly ratio: number;
  /** In how many of the pairs the first was the slower one. */
  readonly slower: number;
  readonly pairs: number;
}

/** What a coin does less often is no chance. */
const SIGNIFICANT = 0.01;

/** Less is not worth a word, however certain. */
const NOTICEABLE = 0.02;

/** Too few of them, and not even all on one side would be significant. */
const LEAST_PAIRS = 7;

/** Requests per second, round by round. */
export function compareRounds(now: readonly (number | null)[], before: readonly (number | null)[]): Difference {
  const ratios = pairedRatios(now, before);
  const pairs = ratios.length;
  const ratio = median(ratios);
  const slower = ratios.filter((one) => one < 1).length;
  const faster = ratios.filter((one) => one > 1).length;
  return { verdict: verdictOf(ratio, slower, faster, pairs), ratio, slower, pairs };
}

function verdictOf(ratio: number, slower: number, faster: number, pairs: number): Difference["verdict"] {
  if (pairs < LEAST_PAIRS) return "unknown";
  if (ratio < 1 - NOTICEABLE && signTest(slower, pairs) < SIGNIFICANT) return "slower";
  if (ratio > 1 + NOTICEABLE && signTest(faster, pairs) < SIGNIFICANT) return "faster";
  return "alike";
}

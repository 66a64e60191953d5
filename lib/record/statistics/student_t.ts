/** Student's t at 0.995, by degrees of freedom from 1: a two-sided interval of 99 % is this many standard errors wide. */
// deno-fmt-ignore
const T995 = [
  63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169,
  3.106, 3.055, 3.012, 2.977, 2.947, 2.921, 2.898, 2.878, 2.861, 2.845,
] as const;

/** As many as the table has: more would narrow an interval by a tenth at most. */
export const MOST_FREEDOM = T995.length;

/** The quantile for one degree of freedom or more. */
export function t995(freedom: number): number {
  return T995[Math.min(Math.floor(freedom), MOST_FREEDOM) - 1]!;
}

/**
 * How likely at least so many of `pairs` would come out on one side if a coin decided: the one-sided sign test, which asks
 * nothing of how the figures are distributed.
 */
export function signTest(onOneSide: number, pairs: number): number {
  let tail = 0;
  let ways = 1; // to choose k of the pairs
  for (let k = 0; k <= pairs; k++) {
    if (k >= onOneSide) tail += ways;
    ways = (ways * (pairs - k)) / (k + 1);
  }
  return tail / 2 ** pairs;
}

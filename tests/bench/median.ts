/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The median of the ratios of the rounds that both have: what disturbed a round disturbed both of its figures, and drops
 * out of their ratio. NaN where they have none in common.
 */
export function medianRatio(above: readonly (number | null)[], below: readonly (number | null)[]): number {
  return median(pairedRatios(above, below));
}

/** Round by round; a figure of null is a round that failed. */
export function pairedRatios(above: readonly (number | null)[], below: readonly (number | null)[]): number[] {
  return above.flatMap((figure, round) => {
    const other = below[round] ?? null;
    return figure === null || other === null ? [] : [figure / other];
  });
}

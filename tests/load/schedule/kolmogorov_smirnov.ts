/** Beyond this a sample comes from the distribution in one of a thousand cases. */
export const CRITICAL = 1.95;

/** The Kolmogorov–Smirnov statistic of a sample, √n · sup |F_n − F|, against a distribution function. */
export function kolmogorovSmirnov(sample: Iterable<number>, distribution: (value: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  let distance = 0;
  sorted.forEach((value, i) => {
    const expected = distribution(value);
    distance = Math.max(distance, expected - i / sorted.length, (i + 1) / sorted.length - expected);
  });
  return Math.sqrt(sorted.length) * distance;
}

/** The distribution of the distances between the points of a Poisson process of rate 1. */
export function exponential(distance: number): number {
  return 1 - Math.exp(-distance);
}

// The exact interval of a share: Clopper and Pearson (1934, "The use of confidence or fiducial limits illustrated in the
// case of the binomial"). It holds for any count, for none and for all of them too.

/** Half of what a two-sided 95 % interval leaves out. */
const TAIL = 0.025;

/** Bisections halve the doubt: this many are as many as a double has bits. */
const STEPS = 60;

/** The 95 % interval of a probability of which `successes` of `trials` were seen, both from 0 to 1. */
export function binomialInterval(successes: number, trials: number): { readonly low: number; readonly high: number } {
  return {
    low: successes === 0 ? 0 : shareWhere((p) => 1 - atMost(successes - 1, trials, p) < TAIL),
    high: successes >= trials ? 1 : shareWhere((p) => atMost(successes, trials, p) > TAIL),
  };
}

/** The largest share for which `holds`, which is true for small ones and false for large ones. */
function shareWhere(holds: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability of at most `successes` of `trials`: I(1 − p; trials − successes, successes + 1), NIST DLMF 8.17.5. */
function atMost(successes: number, trials: number, p: number): number {
  return incompleteBeta(1 - p, trials - successes, successes + 1);
}

/** The regularized incomplete beta function I(x; a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front / a) * betaFraction(x, a, b) : 1 - (front / b) * betaFraction(1 - x, b, a);
}

/** NIST DLMF 8.17.22, evaluated from the front (Lentz 1976, as modified by Thompson and Barnett 1986). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = Number.MIN_VALUE / Number.EPSILON;
  const nonZero = (value: number) => Math.abs(value) < tiny ? tiny : value;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = -((a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return fraction;
}

/** ln Γ(x) for x > 0, by Stirling's series (NIST DLMF 5.11.1) from x = 10 on, and by Γ(x + 1) = x Γ(x) below. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) shift += Math.log(at);
  const square = 1 / (at * at);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
